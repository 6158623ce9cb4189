// The panel: what is chosen, why it stands where it stands, on whose word.
const panel = document.getElementById('panel');
const STORY = RAW.story;
const STATES = new Map();
if (STORY.kind === 'whatif') for (const state of ['baseline', 'barred', 'degraded', 'substituted', 'restored', 'failed', 'lifted', 'denied']) STORY.states[state].forEach(([at]) => STATES.set(at, state));

const list = (ats, most = 12) => {
  const shown = ats.slice(0, most).flatMap((at, i) => [i ? ', ' : '', nameButton(at)]);
  return ats.length > most ? [...shown, ` +${ats.length - most}`] : shown;
};
function claimBlock(at) {
  const claim = CLAIMS[at], { more } = claim, source = RAW.sources[claim.source];
  const dates = [more.a && t('asof', more.a), (more.f || more.u) && t('holds', more.f, more.u), t('published', claim.published)].filter(Boolean).join(' · ');
  const title = /^https?:\/\//i.test(source[7] || '') ? el('a', { href: source[7], rel: 'noopener noreferrer', target: '_blank', title: source[1] }, source[0]) : el('span', { title: source[1] }, source[0]);
  const contests = [...(more.x || []), ...(more.X || [])];
  return el('div.claim', {},
    el('p', {}, claim.statement),
    el('p.meta', {}, tag('', named(RAW.modalities[claim.modality])), more.y ? t('by', more.y) : '', ' ', sure(claim.score), ' · ', title, `, ${claim.locator} · ${dates}`),
    more.t ? el('p.meta', {}, `${t('sourceWords')}: ${more.t}`) : '',
    more.Z ? el('p.meta', {}, `${t('party')}: `, list(more.Z)) : '',
    more.n ? el('p.meta', {}, `${t('note')}: ${more.n}`) : '',
    more.S ? el('div', {}, tag('warn', t('supersededBy')), more.S.map(other => el('p.meta', {}, `${CLAIMS[other].statement} (${CLAIMS[other].locator})`))) : '',
    contests.length ? el('div', {}, tag('warn', t('disputes'), 'contest'), contests.map(other => el('p.meta', {}, `${CLAIMS[other].statement} (${CLAIMS[other].locator})`))) : '',
    el('code', {}, claim.id));
}
const why = (ats, open) => (ats.length ? el('details', { open }, el('summary', {}, t('why', ats.length)), ats.map(claimBlock)) : '');
function section(title, count, ...body) { return [el('h3', {}, title, count === null ? '' : el('small', {}, String(count))), ...body]; }

/** How a link reads, with how it is said where that is not plainly stated. */
function hedge(link) {
  const trust = { stated: 9 };
  const words = link.sets.map(set => set.map(c => RAW.modalities[CLAIMS[c].modality]).sort((a, b) => (trust[a[0]] || 0) - (trust[b[0]] || 0))[0]);
  const best = words.find(word => word[0] === 'stated') || words[0];
  return best && best[0] !== 'stated' ? named(best) : null;
}
function linkTags(link, state) {
  const need = necessity(link);
  return [
    link.barred ? tag('bad', t('barred'), 'barred') : !link.inUse ? tag('warn', t('possible')) : tag(need === 'essential' ? 'good' : '', t(need)),
    hedge(link) ? tag('warn', hedge(link)) : '', sure(state === undefined ? link.score : state),
  ];
}

// --- the start
function startPanel() {
  const ranked = chokepoints().slice(0, 9), most = ranked.length ? ranked[0].found.length : 1;
  return [
    el('h2', {}, t('start')), el('p.lead', {}, t('startLead')),
    section(t('narrow'), null, el('p.soft.small', {}, t('narrowLead')), el('ol.rank', {}, ranked.map(({ entity, found }) => el('li', {},
      el('button', { type: 'button', onclick: () => select(entity, 'needed') }, layerDot(entity), el('b', {}, name(entity)), tag('mark', t('stopsN', found.length), 'choke'),
        meter(found.length / most)))))),
    section(t('reading'), null, legend()), footing(),
  ];
}
function meter(part) {
  const bar = el('i');
  bar.style.width = `${Math.round(part * 100)}%`;
  return el('span.meter', { 'aria-hidden': 'true' }, bar);
}
function legend() {
  const rows = [
    [edgeSample('essential'), t('lArrow')], [edgeSample('support'), t('lSupport')], [edgeSample('possible'), t('lPossible')], [edgeSample('barred'), t('lBarred')], [edgeSample('other'), t('lOther')],
    [glyph('choke', 15), t('lChoke')], [glyph('barred', 15), t('lBar')], [glyph('contest', 15), t('lContest')], [el('span', {}, '12'), t('lCount')], [dots(2), t('lSure')],
  ];
  return el('div.legend', {}, rows.map(([mark, text]) => [el('span', {}, mark), el('span', {}, text)]));
}
function footing() {
  return [
    el('h3', {}, t('repeat')), el('p.small.soft', {}, el('code', {}, RAW.command)),
    el('p.small.soft', {}, `${t('snapshot')} `, el('code', {}, RAW.snapshot), ` · ${t('asOf')} ${RAW.asOf[0]} · ${t('knownAt')} ${RAW.knownAt}`),
    RAW.leftOut.map(text => el('p.small.soft', {}, text)), el('p.small.soft', {}, t('foot')),
  ];
}

// --- an entity
function kindLine(entity) {
  const layer = layerName(entity.layer), kind = named(RAW.classes[entity.kind]);
  return kind.toLowerCase() === layer.toLowerCase() ? layer : `${layer} · ${kind}`;
}
function entityPanel(at) {
  const entity = ENTITIES[at], { needs, needed } = net();
  const up = reach(at, true), down = reach(at, false);
  const mode = (key, count) => el('button.b', { type: 'button', 'aria-pressed': String(S.mode === key), 'data-mode': key, onclick: () => setMode(key) }, el('span', {}, String(count)), t(key));
  const stopped = stops().get(at);
  const eyebrow = el('p.eyebrow', {}, el('i', { color: layerColor(entity.layer) }), kindLine(entity), el('button', { type: 'button', onclick: clear }, t('backTo')));
  const other = zh() ? entity.en : entity.zh;
  const aliases = entity.aliases.filter(word => word !== other && word !== name(at));
  const body = S.mode === 'around' ? [needsPart(at), neededPart(at), controlsPart(at), figuresPart(at), relationsPart(at), saysPart(at), claimsPart(at)] : [chainPart(at, S.mode === 'needed' ? up : down)];
  return [
    eyebrow, el('h2', {}, name(at)), other && other !== name(at) ? el('p.zh', { lang: zh() ? 'en' : 'zh' }, other) : '',
    RAW.site ? el('p.small', {}, el('a', { href: `${RAW.site}id/${encodeURIComponent(entity.id)}` }, t('ownPage'))) : '',
    aliases.length ? el('p.small.soft', {}, t('alsoCalled', aliases.slice(0, 4).join(', ') + (aliases.length > 4 ? ` +${aliases.length - 4}` : ''))) : '', entity.unnamed ? el('p.small.soft', {}, t('unnamed')) : '',
    el('p.modes', {}, stopped ? tag('mark', t('stopsN', stopped.length), 'choke') : '', barredAt(at) ? tag('bad', t('barred'), 'barred') : '', contested(at) ? tag('warn', t('contested'), 'contest') : '', STATES.has(at) ? tag('bad', t(STATE_WORD[STATES.get(at)])) : '', tag('', t('claimsN', saidOf(at).length))),
    el('div.tiles', { role: 'group', 'aria-label': t('dependents') }, mode('needed', up.filter(i => i.open).length), mode('needs', down.filter(i => i.open).length), mode('around', new Set(entity.links.filter(l => net().links[l].on).map(l => (LINKS[l].from === at ? LINKS[l].to : LINKS[l].from))).size)),
    STORY.kind === 'around' && STORY.focus === at && STORY.left ? el('p.small.soft', {}, t('leftN', STORY.left)) : '', S.only && !OVERVIEW.nodes.some(node => node.id === at) ? el('p.small.soft', {}, t('offMap')) : '',
    needs || needed ? body : '', footing(),
  ];
}

/** The chains of a mode: how many, what stops, how sure, then each with its link and its claims, as a tree. */
function chainPart(root, items) {
  const up = S.mode === 'needed';
  if (!items.length) return el('p.lead', {}, t(up ? 'noneUp' : 'noneDown'));
  const open = items.filter(item => item.open), shut = items.filter(item => !item.open);
  const level = n => open.filter(item => sureLevel(item.score) === n).length;
  const direct = open.filter(item => item.role === 'direct').length;
  const found = stops().get(root) || [];
  const closed = t('closed', shut.filter(i => i.role === 'barred').length, shut.filter(i => i.role === 'alternative').length);
  const chainLinks = new Set(open.flatMap(item => item.chain));
  const undated = [...chainLinks].filter(l => LINKS[l].sets.flat().every(c => !CLAIMS[c].dated)).length;
  const callout = el('div.callout', { color: found.length && up ? 'var(--mark)' : 'var(--dep)' },
    el('p', {}, el('b', {}, up ? t('dependOn', open.length, name(root)) : t('dependsOn', open.length, name(root))), `: ${t('split', direct, open.length - direct)}.`),
    up ? el('p', {}, glyphIf(found.length), found.length ? textWith('stopsList', list(found)) : t('stopsNone'), ' ', found.length && found.length < open.length ? t('weakened') : '') : '',
    el('p', {}, t('surest', level(3), level(2), level(1)), ' ', t('undated', undated, chainLinks.size)),
    closed ? el('p', {}, t('shownToo', closed)) : '');
  const children = new Map();
  items.forEach(item => { if (!children.has(item.parent)) children.set(item.parent, []); children.get(item.parent).push(item); });
  const grow = (parent, depth) => el(depth ? 'ul' : 'ul.rows.tree', {}, (children.get(parent) || []).map(item => el('li', {}, chainItem(item, up), item.open && children.has(item.entity) && depth < 30 ? grow(item.entity, depth + 1) : '')));
  return [callout, grow(root, 0)];
}
const glyphIf = on => (on ? [glyph('choke', 12), ' '] : '');
/** A sentence of WORDS with buttons in the place of its one argument. */
function textWith(key, nodes) {
  const [before, after] = t(key, '\u0000').split('\u0000');
  return [before, ...nodes, after];
}
function chainItem(item, up) {
  const link = net().links[item.link];
  const other = up ? link.to : link.from;
  const reading = up ? [reads(link, link.from), ' ', el('b', {}, name(link.to))] : [el('b', {}, name(link.from)), ' ', reads(link, link.from), ' ', name(item.entity)];
  const others = item.necessity === 'oneOf' ? servingOthers(link).map(at => name(net().links[at].to)).filter(n => n !== name(other)) : [];
  return el('div', { 'data-entity': ENTITIES[item.entity].id },
    el('div.head', {}, layerDot(item.entity), ' ', nameButton(item.entity), ' ', linkTags(link, item.score)),
    el('p.small', {}, reading),
    others.length ? el('p.small.soft', {}, t('others', others.join(', '))) : '',
    up && item.necessity === 'supporting' && item.open ? el('p.small.soft', {}, t('weakenedUp')) : '',
    why([...claimsOf(link), ...link.bars]));
}

function needsPart(at) {
  const { links, groups, needs } = net();
  const found = [...new Set(needs[at].map(l => links[l].group))].sort((a, b) => groups[b].essential - groups[a].essential || a - b);
  if (!found.length) return '';
  return section(t('needsHead'), found.length, el('ul.rows', {}, found.map(g => {
    const group = groups[g], first = links[group.members[0]];
    const title = (zh() && group.fnZh) || group.fn || reads(first, at);
    const several = group.members.length > 1;
    return el('li', {}, el('div.head', {}, el('b', {}, title), tag(group.essential ? 'good' : '', t(group.essential ? 'essential' : 'supporting')), several ? el('span.small.soft', {}, group.minimum > 1 ? t('atLeast', group.minimum) : t('anyOf')) : ''),
      el('ul.rows', {}, group.members.map(l => linkRow(links[l], links[l].to, several || group.fn ? reads(links[l], at) : ''))));
  })));
}
function linkRow(link, other, reading) {
  return el('li', {}, el('div.head', {}, layerDot(other), nameButton(other), link.dep ? linkTags(link) : [hedge(link) ? tag('warn', hedge(link)) : '', sure(link.score)]), reading ? el('p.small.soft', {}, reading) : '', why([...claimsOf(link), ...link.bars]));
}
function neededPart(at) {
  const { links, needed } = net();
  if (!needed[at].length) return '';
  return section(t('neededHead'), needed[at].length, el('ul.rows', {}, needed[at].map(l => linkRow(links[l], links[l].from, `${reads(links[l], links[l].from)} ${name(at)}`))));
}
function controlsPart(at) {
  const { links, needs, needed } = net();
  const found = [...new Set([...needs[at], ...needed[at]].flatMap(l => links[l].bars))];
  const party = ENTITIES[at].claims.filter(c => (CLAIMS[c].more.Z || []).includes(at) && said(CLAIMS[c]) && !found.includes(c));
  return found.length || party.length ? section(t('controls'), found.length + party.length, [...found, ...party].map(claimBlock)) : '';
}
const NUMBER = { maximumFractionDigits: 4 };
function amount(claim) {
  const { more } = claim;
  if (more.v === undefined) return more.t || claim.text || '';
  const unit = more.q !== undefined ? RAW.units[more.q] : null;
  const num = value => (unit && (unit[0] === 'year' || unit[0] === 'none') ? String(value) : value.toLocaleString(zh() ? 'zh-CN' : 'en-GB', NUMBER));
  const bound = more.b !== undefined ? named(RAW.bounds[more.b]) : '';
  const span = more.w !== undefined ? `${num(more.v)}–${num(more.w)}` : num(more.v);
  const sign = unit && unit[3] === '%' ? '%' : unit && unit[0] !== 'none' && unit[3] ? ` ${unit[3]}` : '';
  return `${bound ? bound + ' ' : ''}${span}${sign}`;
}
const isMetric = claim => RAW.predicates[claim.predicate][1] === 'metric';
function figuresPart(at) {
  const found = ENTITIES[at].claims.map(c => CLAIMS[c]).filter(c => c.subject === at && isMetric(c) && said(c));
  if (!found.length) return '';
  const metrics = [...new Set(found.map(c => c.predicate))];
  const when = c => c.more.a || c.more.f || '';
  return section(t('figures'), found.length, metrics.map(metric => [
    el('h4', {}, named([0, RAW.predicates[metric][2], RAW.predicates[metric][3]])),
    el('ul.rows', {}, found.filter(c => c.predicate === metric).sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : (b.more.S ? 1 : 0) - (a.more.S ? 1 : 0))).map(c => el('li', {},
      el('div.fig', {}, el('span.small.soft', {}, when(c) || '—'), el('b', {}, amount(c))),
      el('p.small', {}, tag('', named(RAW.modalities[c.modality])), ' ', c.more.c ? t('scopeOf', c.more.c) + ' ' : '', c.more.S ? tag('warn', t('superseded')) : '', ' ', sure(c.score)), why([c.at])))),
  ]));
}
function relationsPart(at) {
  const found = ENTITIES[at].links.map(l => net().links[l]).filter(link => !link.dep && link.on);
  if (!found.length) return '';
  found.sort((a, b) => (reads(a, at) < reads(b, at) ? -1 : reads(a, at) > reads(b, at) ? 1 : a.at - b.at));
  const rows = found.map(link => { const other = link.from === at ? link.to : link.from; return linkRow(link, other, `${name(at)} ${reads(link, at)} ${name(other)}`); });
  return section(t('relations'), found.length, folded(rows, 8));
}
function folded(rows, most) {
  const box = el('ul.rows', {}, rows.slice(0, most));
  if (rows.length <= most) return box;
  const more = el('button.b', { type: 'button', onclick: () => { box.append(...rows.slice(most)); more.remove(); } }, t('more', rows.length - most));
  return [box, more];
}
function saysPart(at) {
  const found = saidOf(at).filter(c => CLAIMS[c].more.Y === at);
  return found.length ? section(t('says'), found.length, folded(found.map(c => el('li', {}, claimBlock(c))), 3)) : '';
}
function claimsPart(at) {
  const found = saidOf(at);
  return section(t('claims'), found.length, folded(found.map(c => el('li', {}, claimBlock(c))), 6));
}

// --- stories: paths and scenarios
function pathPanel() {
  const [a, b] = STORY.ends;
  return [el('h2', {}, t('paths')), el('p.lead', {}, nameButton(a), ' – ', nameButton(b)), STORY.paths.length ? '' : el('p', {}, t('noPath')),
    STORY.paths.map((path, i) => section(t('pathN', i + 1), null, el('ol.rows', {}, path.map(([from, reading, to, ats]) => el('li', {}, el('div.head', {}, layerDot(from), nameButton(from), el('span', {}, reading), layerDot(to), nameButton(to)), why(ats)))))),
    section(t('reading'), null, legend()), footing()];
}
function scenarioPanel() {
  const row = (state, [at, told, others, ats]) => el('li', { 'data-state': state },
    el('div.head', {}, layerDot(at), nameButton(at), tag({ failed: 'bad', denied: 'bad', barred: 'bad', baseline: 'bad', degraded: 'warn', substituted: 'swap' }[state] || 'good', t(STATE_WORD[state]))),
    told ? el('p.small', {}, state === 'barred' ? t('since', told) : told) : '',
    state === 'substituted' || state === 'degraded' ? el('p.small.soft', {}, others.length ? textWith('left', list(others)) : t('leftNone')) : others.length ? el('p.small.soft', {}, list(others)) : '', why(ats));
  const part = state => { const rows = STORY.states[state]; return rows.length ? section(t('h' + state[0].toUpperCase() + state.slice(1)), rows.length, el('ul.rows', {}, rows.map(one => row(state, one)))) : ''; };
  const names = [...STORY.denied.map(at => [t('sDenied'), at]), ...STORY.lifted.map(at => [t('sLifted'), at])];
  const counts = ['failed', 'substituted', 'degraded', 'restored'].filter(state => STORY.states[state].length).map(state => t('countOf')[state](new Set(STORY.states[state].map(one => one[0])).size));
  return [el('p.eyebrow', {}, t('scenario')), el('h2', {}, names.map(([word, at], i) => `${i ? ', ' : ''}${name(at)} ${word}`)), el('p.lead', {}, el('b', {}, counts.join(' · ')), `. ${t('untouched', STORY.untouched)}`), el('p.soft.small', {}, t('scenarioDated')),
    ['denied', 'lifted', 'failed', 'substituted', 'degraded', 'barred', 'restored', 'baseline'].map(part), section(t('reading'), null, legend()), footing()];
}
function showPanel(keep) {
  const top = keep ? panel.scrollTop : 0;
  panel.replaceChildren(...[S.sel !== null ? entityPanel(S.sel) : STORY.kind === 'path' ? pathPanel() : STORY.kind === 'whatif' ? scenarioPanel() : startPanel()].flat(9).filter(Boolean));
  panel.scrollTop = top;
  panel.setAttribute('aria-label', panel.querySelector('h2').textContent);
  document.getElementById('status').textContent = S.sel === null ? '' : `${name(S.sel)}: ${t(S.mode)}, ${lit ? lit.cards.size - 1 : 0}`;
}
