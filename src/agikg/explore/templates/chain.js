// Who depends on whom, and what stops: the same rules as agikg/analysis/{reach,denial}.py and views/reach.py, at the chosen
// date and filters. tests/explore compares every entity with the Python engine.
let cached = null;
const forget = () => { cached = null; };

/** The links as they stand now: evidence that counts, closed or not, how sure; and the requirement groups. */
function net() {
  if (cached) return cached;
  const links = LINKS.map(link => {
    const counts = link.dep ? holds : said;
    const sets = link.sets.filter(set => set.every(c => counts(CLAIMS[c])));
    const bars = link.bars.filter(c => holds(CLAIMS[c]));
    const hidden = S.offRelations.has(link.predicate);
    return { ...link, sets, bars, on: sets.length > 0 && !hidden, barred: bars.length > 0, inUse: link.role !== ROLE.alternative, score: score(sets) };
  });
  const groups = RAW.groups.map(row => ({ owner: row[0], minimum: row[1], essential: Boolean(row[2]), fn: row[3] || '', fnZh: row[4] || '', members: [], serving: 0 }));
  const needs = ENTITIES.map(() => []), needed = ENTITIES.map(() => []);
  for (const link of links) {
    if (!link.dep || !link.on) continue;
    groups[link.group].members.push(link.at);
    if (!link.barred) groups[link.group].serving += 1;
    needs[link.from].push(link.at);
    needed[link.to].push(link.at);
  }
  for (const group of groups) {
    const used = group.members.some(at => links[at].inUse);
    if (group.members.length) group.minimum = Math.min(group.minimum, group.members.length);
    group.essential = group.essential && (used || !group.members.length);
  }
  cached = { links, groups, needs, needed, stops: null, down: null };
  return cached;
}

/** Confidence: the weakest claim of each set, noisy-or over sets of independent origin. */
function score(sets) {
  const best = new Map();
  for (const set of sets) {
    const key = [...new Set(set.map(c => CLAIMS[c].origin))].sort().join('\n');
    best.set(key, Math.max(best.get(key) || 0, Math.min(...set.map(c => CLAIMS[c].score))));
  }
  let rest = 1;
  for (const value of best.values()) rest *= 1 - value;
  return 1 - rest;
}
const used = link => link.inUse && !link.barred;
const essential = link => net().groups[link.group].essential;
const stateOf = (link, level) => used(link) ? (level === 1 ? 'direct' : 'transitive') : link.barred ? 'barred' : 'alternative';
const servingOthers = link => net().groups[link.group].members.filter(at => at !== link.at && !net().links[at].barred);
function necessity(link) {
  if (!essential(link)) return 'supporting';
  return servingOthers(link).length >= net().groups[link.group].minimum ? 'oneOf' : 'essential';
}
function ranked(ats) {
  const { links } = net();
  return [...ats].sort((a, b) => essential(links[b]) - essential(links[a]) || links[b].score - links[a].score || a - b);
}

function spread(root, linksOf, far, takes) {
  const found = new Map();
  let front = [root], level = 0;
  while (front.length) {
    level += 1;
    const following = [];
    for (const entity of front) {
      for (const at of ranked(linksOf[entity])) {
        const link = net().links[at];
        const other = link[far];
        if (other !== root && !found.has(other) && takes(link, level)) {
          found.set(other, { entity: other, link: at, depth: level, role: stateOf(link, level) });
          following.push(other);
        }
      }
    }
    front = following;
  }
  return found;
}

/** What depends on an entity (up) or what it depends on, nearest first; closed and merely possible links are shown, not followed. */
function reach(root, up) {
  const { links, needs, needed } = net();
  let steps, way;
  if (up) {
    const stopped = spread(root, needed, 'from', link => used(link) && essential(link));
    way = new Map([...stopped].map(([entity, step]) => [entity, step.link]));
    const weakened = new Map(), closed = new Map();
    for (const [entity, level] of [[root, 0], ...[...stopped.values()].map(step => [step.entity, step.depth])]) {
      for (const at of ranked(needed[entity])) {
        const link = links[at];
        if (link.from === root) continue;
        const step = { entity: link.from, link: at, depth: level + 1, role: stateOf(link, used(link) ? level + 1 : 1) };
        if (!used(link)) { if (!closed.has(link.from)) closed.set(link.from, step); }
        else if (!essential(link) && !weakened.has(link.from)) weakened.set(link.from, step);
      }
    }
    const chosen = new Map(stopped);
    for (const [entity, step] of weakened) if (!chosen.has(entity) || step.depth < chosen.get(entity).depth) chosen.set(entity, step);
    for (const [entity, step] of closed) if (!chosen.has(entity)) chosen.set(entity, step);
    steps = [...chosen.values()];
  } else {
    const closed = new Map();
    const found = spread(root, needs, 'to', (link, level) => {
      if (level > 1 && !essential(link)) return false;
      if (!used(link)) { if (!closed.has(link.to)) closed.set(link.to, { entity: link.to, link: link.at, depth: level, role: stateOf(link, level) }); return false; }
      return true;
    });
    way = new Map([...found].map(([entity, step]) => [entity, step.link]));
    steps = [...found.values(), ...[...closed.values()].filter(step => !found.has(step.entity) && step.entity !== root)];
  }
  const end = up ? 'to' : 'from';
  const items = steps.map(step => {
    const chain = [step.link];
    while (way.has(links[chain[chain.length - 1]][end])) chain.push(way.get(links[chain[chain.length - 1]][end]));
    return { ...step, chain, parent: links[step.link][end], score: Math.min(...chain.map(at => links[at].score)), necessity: necessity(links[step.link]), open: step.role === 'direct' || step.role === 'transitive' };
  });
  return items.sort((a, b) => b.open - a.open || a.depth - b.depth || claimsOf(links[a.link]).length - claimsOf(links[b.link]).length || (ENTITIES[a.entity].en < ENTITIES[b.entity].en ? -1 : 1));
}
const claimsOf = link => [...new Set(link.sets.flat())];

/** What is unavailable when some entities are denied: the least fixpoint. */
function outage(denied) {
  const { links, groups, needed } = net();
  const serving = groups.map(group => group.serving);
  const failed = new Set(denied);
  let front = [...failed];
  groups.forEach((group, at) => {
    if (serving[at] < group.minimum && group.essential && group.members.length && !failed.has(group.owner)) { failed.add(group.owner); front.push(group.owner); }
  });
  while (front.length) {
    const following = [];
    for (const entity of front) {
      for (const at of needed[entity]) {
        const link = links[at];
        if (link.barred) continue;
        const group = groups[link.group];
        serving[link.group] -= 1;
        if (group.essential && serving[link.group] < group.minimum && !failed.has(group.owner)) { failed.add(group.owner); following.push(group.owner); }
      }
    }
    front = following;
  }
  return failed;
}

/** Entity -> what its denial alone stops. */
function stops() {
  const now = net();
  if (now.stops) return now.stops;
  now.down = outage([]);
  now.stops = new Map();
  ENTITIES.forEach(({ at }) => {
    if (!now.needed[at].some(link => !now.links[link].barred)) return;
    const found = [...outage([at])].filter(other => other !== at && !now.down.has(other));
    if (found.length) now.stops.set(at, found);
  });
  return now.stops;
}
const chokepoints = () => [...stops()].map(([entity, found]) => ({ entity, found })).sort((a, b) => b.found.length - a.found.length || (name(a.entity) < name(b.entity) ? -1 : 1));
const barredAt = at => net().needs[at].concat(net().needed[at]).some(link => net().links[link].barred);
