// A query's result as a graph: vis-network draws it, columns are worked out here, nothing moves.
import { el, localAddress, shortName } from './dom.js';

const MOST = 250;
let library = null, drawn = null;
/** vis-network as it is installed on the server; loaded when a graph is first asked for. */
function load() {
  library ??= new Promise((done, failed) => {
    document.head.append(el('script', { src: '/vis/vis-network.min.js', onload: () => done(window.vis), onerror: () => { library = null; failed(new Error('vis-network could not be loaded')); } }));
  });
  return library;
}

/** Edges of a result: triples as they are; else from each identifier of a row to the next. */
export function edges({ columns, rows }) {
  const triples = columns.length === 3 && columns[1] === 'predicate' && rows.every(row => row[1] && row[1].type === 'uri');
  const found = new Map();
  for (const row of rows) {
    if (triples) {
      if (row[2].type !== 'literal') add(found, row[0].value, row[2].value, shortName(row[1].value));
      continue;
    }
    const ends = row.filter(cell => cell && cell.type === 'uri');
    const things = ends.filter(cell => !cell.value.includes('/ontology#')), relation = ends.find(cell => cell.value.includes('/ontology#'));
    for (let at = 0; at + 1 < things.length; at += 1) add(found, things[at].value, things[at + 1].value, relation && things.length === 2 ? shortName(relation.value) : '');
  }
  return [...found.values()];
}
function add(found, from, to, label) {
  const key = `${from}\n${to}`;
  if (from === to) return;
  const edge = found.get(key);
  if (!edge) found.set(key, { from, to, labels: new Set(label ? [label] : []) });
  else if (label) edge.labels.add(label);
}

const WIDEST = 6;
/** A column for each node: the longest of its chains, or where that makes the picture too wide to read, the shortest. */
export function columns(ids, links) {
  const long = longest(ids, links);
  return Math.max(...long.values()) < WIDEST ? long : shortest(ids, links);
}

/** How many links the nearest node is away that needs nothing; from the most needed one where all stand in a circle. */
function shortest(ids, links) {
  const needs = new Set(links.map(link => link.from)), needed = new Map(ids.map(id => [id, []]));
  links.forEach(({ from, to }) => needed.get(to).push(from));
  const start = (rest, chosen) => (chosen.length ? chosen : [rest.reduce((best, id) => (needed.get(id).length > needed.get(best).length ? id : best))]);
  const depth = new Map();
  let front = start(ids, ids.filter(id => !needs.has(id)));
  while (front.length) {
    front.forEach(id => { if (!depth.has(id)) depth.set(id, 0); });
    for (let at = front; at.length;) {
      const next = new Set();
      at.forEach(id => needed.get(id).forEach(other => { if (!depth.has(other)) { depth.set(other, depth.get(id) + 1); next.add(other); } }));
      at = [...next];
    }
    const left = ids.filter(id => !depth.has(id));
    front = left.length ? start(left, []) : [];
  }
  return depth;
}

/** As far from the nodes that need nothing as the longest chain; circles are cut where they close. */
function longest(ids, links) {
  const out = new Map(ids.map(id => [id, []]));
  links.forEach(({ from, to }) => out.get(from).push(to));
  const depth = new Map(), open = new Set();
  const visit = start => {
    const stack = [[start, 0]];
    open.add(start);
    while (stack.length) {
      const top = stack[stack.length - 1], [id, next] = top, targets = out.get(id);
      if (next < targets.length) {
        top[1] += 1;
        const to = targets[next];
        if (!depth.has(to) && !open.has(to)) { open.add(to); stack.push([to, 0]); }
      } else {
        depth.set(id, Math.max(0, ...targets.filter(to => depth.has(to)).map(to => depth.get(to) + 1)));
        open.delete(id);
        stack.pop();
      }
    }
  };
  ids.forEach(id => { if (!depth.has(id)) visit(id); });
  return depth;
}

/** Places: columns from what is needed (left) to what needs (right), rows ordered by where their neighbours stand. */
function places(ids, links) {
  const depth = columns(ids, links), byColumn = new Map();
  ids.forEach(id => byColumn.set(depth.get(id), [...(byColumn.get(depth.get(id)) || []), id]));
  const near = new Map(ids.map(id => [id, []]));
  links.forEach(({ from, to }) => { near.get(from).push(to); near.get(to).push(from); });
  const row = new Map();
  const settle = list => list.forEach((id, index) => row.set(id, index - (list.length - 1) / 2));
  byColumn.forEach(settle);
  for (let sweep = 0; sweep < 12; sweep += 1) {
    byColumn.forEach(list => {
      const mean = id => { const others = near.get(id); return others.length ? others.reduce((sum, other) => sum + row.get(other), 0) / others.length : row.get(id); };
      list.sort((a, b) => mean(a) - mean(b));
      settle(list);
    });
  }
  const tallest = Math.max(...[...byColumn.values()].map(list => list.length));
  // Rows as far apart as makes the picture about as wide for its height as the place it stands in.
  const wide = 250, high = Math.max(tallest > 40 ? 38 : 46, Math.min(92, (byColumn.size * wide * 0.58) / tallest));
  return new Map(ids.map(id => [id, { x: depth.get(id) * wide, y: row.get(id) * high }]));
}

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export async function drawGraph(place, state) {
  let links = edges(state), note = '';
  if (!links.length) { place.hidden = true; return 'A row with two identifiers, or a CONSTRUCT, can be drawn. This result has no such pair.'; }
  place.hidden = false;
  let ids = [...new Set(links.flatMap(({ from, to }) => [from, to]))];
  if (ids.length > MOST) {
    const kept = new Set(ids.slice(0, MOST));
    note = `The first ${MOST} of ${ids.length} things are drawn; the table has all.`;
    ids = [...kept];
    links = links.filter(({ from, to }) => kept.has(from) && kept.has(to));
  }
  const { Network, DataSet } = await load();
  const at = places(ids, links), ink = color('--ink'), card = color('--card'), soft = color('--soft');
  const label = id => { const found = state.labels.get(id); return found && state.readable ? found.label : shortName(id); };
  const border = id => { const found = state.labels.get(id); return found && found.layer ? color(`--${found.layer}`) : soft; };
  const cut = text => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
  const nodes = ids.map(id => ({ id, label: cut(label(id)), ...at.get(id), shape: 'box', margin: 7, borderWidth: 1.5, color: { background: card, border: border(id), highlight: { background: card, border: color('--focus') }, hover: { background: color('--faint'), border: border(id) } }, font: { color: ink, size: 15, face: 'system-ui, "Noto Sans CJK SC", sans-serif' }, shapeProperties: { borderRadius: 6 } }));
  const few = links.length <= 40;
  const lines = links.map(({ from, to, labels }, id) => ({ id, from, to, label: few ? [...labels].map(name => name.replace(/^agi:/, '')).join(', ') : undefined, arrows: { to: { enabled: true, scaleFactor: 0.6 } }, color: { color: soft, highlight: color('--focus'), hover: ink }, font: { color: soft, size: 11, strokeWidth: 4, strokeColor: color('--bg'), align: 'middle' }, smooth: at.get(from).x === at.get(to).x ? { enabled: true, type: 'curvedCW', roundness: 0.3 } : { enabled: true, type: 'cubicBezier', forceDirection: 'horizontal', roundness: 0.45 } }));
  if (drawn) drawn.destroy();
  drawn = new Network(place, { nodes: new DataSet(nodes), edges: new DataSet(lines) }, { physics: { enabled: false }, layout: { improvedLayout: false }, interaction: { hover: true, keyboard: { enabled: true, bindToWindow: false }, tooltipDelay: 150 }, edges: { width: 1.1 } });
  drawn.once('afterDrawing', () => { drawn.fit({ animation: false, maxZoomLevel: 1.1 }); place.dataset.drawn = String(ids.length); });
  drawn.on('doubleClick', ({ nodes: [id] }) => { const address = id && localAddress(id); if (address) location.href = address; });
  return `${ids.length} things, ${links.length} links. ${note} Double-click opens one; the table has the same as text.`;
}
