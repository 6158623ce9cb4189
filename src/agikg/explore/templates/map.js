// The map: cards in layers, drawn by vis-network at positions that Python worked out. Restyles only what changed.
const CARD = NET.card;
const OVERVIEW = { width: CARD.width, nodes: NET.nodes, boxes: NET.boxes.map(([layer, ...box]) => (NET.steps ? { step: layer, box } : { layer, box })), pairs: NET.edges };
let view = OVERVIEW;
let graph, nodeSet, edgeSet, palette, lit = null, hovered = null, drawnEdges = new Map();
const place = new Map();

function readPalette() {
  palette = { layers: RAW.layers.map((_, i) => css(`--l${i % 9}`)) };
  for (const key of ['bg', 'card', 'ink', 'soft', 'line', 'faint', 'mark', 'bad', 'warn', 'good', 'swap', 'edge', 'dep', 'focus']) palette[key] = css(`--${key}`);
  palette.font = getComputedStyle(document.body).fontFamily;
}
const alpha = (hex, value) => {
  const wide = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
  return `rgba(${[1, 3, 5].map(i => parseInt(wide.slice(i, i + 2), 16)).join(',')},${value})`;
};

/** What a choice lights up: entities with the part they play, links, and what stands in front. */
function litOf() {
  if (S.sel === null) return STORY.kind === 'path' && !S.only ? litPaths() : null;
  const cards = new Map([[S.sel, { role: 'root' }]]), links = new Set();
  if (S.mode === 'around') {
    for (const at of ENTITIES[S.sel].links) {
      const link = net().links[at];
      if (!link.on || (S.onlyDeps && !link.dep)) continue;
      links.add(at);
      const other = link.from === S.sel ? link.to : link.from;
      if (!cards.has(other)) cards.set(other, { role: 'near' });
    }
  } else {
    for (const item of reach(S.sel, S.mode === 'needed')) {
      cards.set(item.entity, item);
      item.chain.forEach(at => links.add(at));
    }
  }
  return { cards, links };
}
function litPaths() {
  const cards = new Map(), links = new Set();
  STORY.paths.forEach(path => path.forEach(([a, , b]) => {
    cards.set(a, { role: 'near' });
    cards.set(b, { role: 'near' });
    ENTITIES[a].links.filter(at => [LINKS[at].from, LINKS[at].to].includes(b)).forEach(at => links.add(at));
  }));
  return { cards, links };
}

// --- cards
function shorten(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let low = 0, high = text.length;
  while (low < high) { const middle = (low + high + 1) >> 1; if (ctx.measureText(text.slice(0, middle) + '…').width <= room) low = middle; else high = middle - 1; }
  return text.slice(0, low).trimEnd() + '…';
}
const labels = new Map();
function cardLabel(ctx, at, room) {
  const key = `${S.lang}${at}:${Math.round(room)}`;
  if (!labels.has(key)) labels.set(key, shorten(ctx, name(at), room));
  return labels.get(key);
}
const DASH = { failed: [], degraded: [6, 4], substituted: [2, 3], barred: [2, 4], alternative: [7, 5], baseline: [2, 4] };
const STATE_COLOR = { denied: 'bad', failed: 'bad', baseline: 'bad', barred: 'bad', degraded: 'warn', substituted: 'swap', restored: 'good', lifted: 'good', alternative: 'soft' };
const STATE_WORD = { denied: 'sDenied', lifted: 'sLifted', failed: 'sFailed', degraded: 'sDegraded', substituted: 'sSubstituted', barred: 'sBarred', restored: 'sRestored', baseline: 'sBaseline' };

/** Everything a card shows, for the canvas and for the SVG alike. */
function cardOf(at) {
  const entity = ENTITIES[at];
  const part = lit && lit.cards.get(at);
  const state = STATES.get(at) || (part && (part.role === 'barred' || part.role === 'alternative') ? part.role : null);
  const marks = [];
  const stopped = stops().get(at);
  if (stopped) marks.push(['choke', String(stopped.length)]);
  if (barredAt(at)) marks.push(['barred', '']);
  if (contested(at)) marks.push(['contest', '']);
  return {
    color: palette.layers[entity.layer], dim: S.offLayers.has(entity.layer) || (lit !== null && !part), root: at === S.sel, marks, state,
    word: STATES.has(at) ? t(STATE_WORD[STATES.get(at)]) : '', count: String(saidOf(at).length),
    dots: part && part.score !== undefined ? sureLevel(part.score) : 0, unnamed: entity.unnamed,
  };
}
const cards = new Map();
const card = at => { if (!cards.has(at)) cards.set(at, cardOf(at)); return cards.get(at); };

/** Lit cards grow, as far as their neighbours let them, until their names can be read. */
function growth(at, c, scale) {
  if (!lit || c.dim || view !== OVERVIEW || NET.steps || scale > 0.9) return [1, view.width];
  const by = Math.max(1, Math.min(1.2, 11.5 / (13 * scale)));
  const spot = place.get(at);
  let room = CARD.width * 2;
  for (const other of lit.cards.keys()) {
    const near = other !== at && place.get(other);
    if (near && Math.abs(near.y - spot.y) < CARD.height * 1.2 && near.x > spot.x) room = Math.min(room, near.x - spot.x - 8);
  }
  return [by, Math.max(CARD.width, room)];
}
const farRight = () => Math.max(...view.boxes.map(item => item.box[2])) + 10;
function drawCard(ctx, at, x, y) {
  const c = card(at), scale = graph.getScale();
  const [by, room] = growth(at, c, scale);
  let w = view.width;
  if (room > w || by > 1) {
    ctx.font = `${c.unnamed ? 'italic ' : ''}600 13px ${palette.font}`;
    w = Math.min(Math.max(w, ctx.measureText(name(at)).width + 32 + 16 * c.marks.length + (c.dots ? 32 : 30)), room / by);
  }
  const h = CARD.height, left = by > 1 || room > w ? Math.min(x - view.width / 2, farRight() - w * by) : x - view.width / 2, top = y - h / 2;
  ctx.save();
  if (by > 1) { ctx.translate(left, y); ctx.scale(by, by); ctx.translate(-left, -y); }
  ctx.globalAlpha = c.dim ? 0.2 : 1;
  ctx.beginPath();
  ctx.roundRect(left, top, w, h, 6);
  ctx.fillStyle = palette.card;
  ctx.fill();
  const color = c.root ? palette.focus : c.state ? palette[STATE_COLOR[c.state]] : at === hovered ? palette.soft : palette.line;
  ctx.setLineDash(DASH[c.state] || []);
  ctx.lineWidth = c.root ? 3 : c.state ? 2.2 : 1;
  ctx.strokeStyle = color;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = c.color;
  ctx.beginPath();
  ctx.roundRect(left, top, 6, h, [6, 0, 0, 6]);
  ctx.fill();
  if (c.state === 'failed' || c.state === 'denied') {
    ctx.strokeStyle = palette.bad;
    ctx.lineWidth = 1;
    ctx.strokeRect(left - 4, top - 4, w + 8, h + 8);
  }
  if (scale > 0.24) drawCardText(ctx, c, at, left, top, w, scale);
  ctx.restore();
}
function drawCardText(ctx, c, at, left, top, wide, scale) {
  const middle = top + CARD.height / 2 + 0.5;
  let right = left + wide - 8;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  ctx.font = `600 11px ${palette.font}`;
  if (c.word) {
    ctx.fillStyle = palette[STATE_COLOR[STATES.get(at)]];
    ctx.fillText(c.word, right, middle);
    right -= ctx.measureText(c.word).width + 6;
  } else if (c.dots) {
    for (let i = 2; i >= 0; i -= 1) {
      ctx.beginPath();
      ctx.arc(right - 3 - (2 - i) * 8, middle, 2.8, 0, 7);
      ctx.strokeStyle = ctx.fillStyle = palette.ink;
      ctx.lineWidth = 1;
      ctx.stroke();
      if (i < c.dots) ctx.fill();
    }
    right -= 29;
  } else if (scale > 0.7) {
    ctx.font = `11px ${palette.font}`;
    ctx.fillStyle = palette.soft;
    ctx.fillText(c.count, right, middle);
    right -= ctx.measureText(c.count).width + 7;
  }
  for (const [kind, text] of c.marks) {
    ctx.font = `650 11px ${palette.font}`;
    if (text) { ctx.fillStyle = palette.mark; ctx.fillText(text, right, middle); right -= ctx.measureText(text).width + 2; }
    const { d, fill, color } = GLYPHS[kind];
    ctx.save();
    ctx.translate(right - 11, middle - 5.5);
    ctx.scale(11 / 12, 11 / 12);
    ctx.strokeStyle = ctx.fillStyle = palette[color.slice(2)];
    ctx.lineWidth = 1.6;
    const path = new Path2D(d);
    if (fill) ctx.fill(path);
    ctx.stroke(path);
    ctx.restore();
    right -= 16;
  }
  ctx.textAlign = 'left';
  ctx.fillStyle = palette.ink;
  ctx.font = `${c.unnamed ? 'italic ' : ''}600 13px ${palette.font}`;
  ctx.fillText(cardLabel(ctx, at, right - left - 14), left + 13, middle);
}

// --- layers behind the cards; their titles stay in sight while their area does
function boxTitle(item) { return item.step !== undefined ? (NET.steps && view === OVERVIEW && !item.step ? t('from') + ' ' : t('dist', item.step)) : layerName(item.layer); }
function drawBoxes(ctx) {
  const corner = graph.DOMtoCanvas({ x: 0, y: 6 });
  for (const item of view.boxes) {
    const [left, top, right, bottom] = item.box;
    const color = item.layer === undefined ? palette.soft : palette.layers[item.layer];
    ctx.fillStyle = alpha(color, S.theme === 'dark' ? 0.07 : 0.055);
    ctx.beginPath();
    ctx.roundRect(left - 14, top, right - left + 28, bottom - top + 12, 12);
    ctx.fill();
    ctx.fillStyle = color;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    ctx.font = `700 19px ${palette.font}`;
    const y = Math.min(Math.max(top + 28, corner.y + 20), bottom - 20);
    const title = boxTitle(item);
    ctx.fillText(title, left - 2, y);
    const wide = ctx.measureText(title).width;
    ctx.font = `14px ${palette.font}`;
    ctx.fillStyle = palette.soft;
    ctx.fillText(item.count, left + wide + 7, y);
  }
}

// --- lines
function pairState(pair) {
  const now = net();
  const on = pair.links.map(at => now.links[at]).filter(link => link.on && !(S.onlyDeps && !link.dep));
  if (!on.length) return null;
  const front = lit ? on.filter(link => lit.links.has(link.at)) : on;
  const dep = (front.length ? front : on).filter(link => link.dep);
  const best = dep.find(used) || dep[0];
  return { on, dep: Boolean(best), lit: lit !== null && front.length > 0, kind: !best ? 'other' : best.barred ? 'barred' : !best.inUse ? 'possible' : essential(best) ? 'essential' : 'support' };
}
function edgeStyle(pair) {
  const state = pairState(pair);
  const ends = [pair.from, pair.to].map(at => ENTITIES[at].layer);
  if (!state || ends.some(layer => S.offLayers.has(layer))) return { hidden: true, key: 'off' };
  // In a scenario the way of the failure stands out.
  const struck = lit === null && state.dep && [pair.from, pair.to].every(at => ['failed', 'denied'].includes(STATES.get(at)));
  const base = struck || state.kind === 'barred' ? palette.bad : state.dep ? palette.dep : palette.edge;
  const rest = { essential: 0.42, support: 0.34, possible: 0.34, barred: 0.42, other: 0.15 }[state.kind];
  const strength = struck ? 0.85 : lit === null ? rest * (STATES.size ? 0.6 : 1) : state.lit ? (state.kind === 'other' ? 0.75 : 0.95) : 0.035;
  const width = struck ? 2.2 : state.lit ? { essential: 2.6, support: 1.3, possible: 2, barred: 2, other: 1.2 }[state.kind] : { essential: 1.3, support: 0.9, possible: 0.9, barred: 1.1, other: 0.8 }[state.kind];
  const dashes = { possible: [7, 5], barred: [2, 4] }[state.kind] || false;
  const color = alpha(base, strength);
  const key = `${color}${width}${dashes}`;
  const arrow = struck ? 0.6 : lit === null ? (state.dep ? 0.4 : 0) : state.lit ? 0.6 : 0;
  return { hidden: false, key, width, dashes, color: { color, highlight: color, hover: alpha(base, Math.max(strength, 0.85)) }, arrows: { to: { enabled: arrow > 0, scaleFactor: arrow } } };
}
function smooth(pair) {
  const a = place.get(pair.from), b = place.get(pair.to);
  const dx = Math.abs(a.x - b.x), dy = b.y - a.y;
  if (Math.abs(dy) < 4) return { enabled: true, type: 'curvedCW', roundness: 0.08 };
  return { enabled: true, type: 'cubicBezier', forceDirection: a.y < -40 || b.y < -40 ? (view === OVERVIEW ? 'vertical' : 'horizontal') : 'horizontal', roundness: 0.46 };
}
// --- lines between cards of one lane run beside it: behind the cards nobody would see them
let sides = [];
const isSide = pair => Math.abs(place.get(pair.from).x - place.get(pair.to).x) < 5;
function sideCurve(pair) {
  const a = place.get(pair.from), b = place.get(pair.to), turn = (pair.from + pair.to) % 2 ? 1 : -1;
  const x = a.x + (turn * view.width) / 2, bulge = turn * Math.min(64, 16 + Math.abs(a.y - b.y) * 0.16);
  return { x, y1: a.y, y2: b.y, bend: x + bulge * 1.34, turn };
}
function drawSides(ctx) {
  ctx.save();
  for (const pair of sides) {
    const style = edgeStyle(pair);
    if (style.hidden) continue;
    const { x, y1, y2, bend, turn } = sideCurve(pair);
    ctx.strokeStyle = ctx.fillStyle = pair === sideHover ? style.color.hover : style.color.color;
    ctx.lineWidth = style.width;
    ctx.setLineDash(style.dashes || []);
    ctx.beginPath();
    ctx.moveTo(x, y1);
    ctx.bezierCurveTo(bend, y1, bend, y2, x + turn * 5, y2);
    ctx.stroke();
    ctx.setLineDash([]);
    if (!style.arrows.to.enabled) continue;
    const size = 14 * style.arrows.to.scaleFactor;
    ctx.beginPath();
    ctx.moveTo(x, y2);
    ctx.lineTo(x + turn * size, y2 - size * 0.45);
    ctx.lineTo(x + turn * size, y2 + size * 0.45);
    ctx.fill();
  }
  ctx.restore();
}
let sideHover = null;
/** The line beside a lane that is under the pointer. */
function sideAt(event) {
  const spot = graph.DOMtoCanvas({ x: event.offsetX, y: event.offsetY }), reachPx = 5 / graph.getScale();
  return sides.find(pair => {
    const { x, y1, y2, bend } = sideCurve(pair);
    for (let i = 1; i < 24; i += 1) {
      const u = i / 24, v = 1 - u;
      const px = v ** 3 * x + 3 * v * v * u * bend + 3 * v * u * u * bend + u ** 3 * x, py = (v ** 3 + 3 * v * v * u) * y1 + (3 * v * u * u + u ** 3) * y2;
      if (Math.hypot(px - spot.x, py - spot.y) < reachPx && !edgeStyle(pair).hidden) return true;
    }
    return false;
  }) || null;
}
function pairsOf(shown) {
  if (view === OVERVIEW) return OVERVIEW.pairs;
  const found = new Map();
  for (const link of net().links) {
    if (link.from === link.to || !shown.has(link.from) || !shown.has(link.to)) continue;
    const key = `${link.from}>${link.to}`;
    if (!found.has(key)) found.set(key, { id: key, from: link.from, to: link.to, links: [] });
    found.get(key).links.push(link.at);
  }
  return [...found.values()];
}

/** Draws the view from nothing. */
function drawView() {
  place.clear();
  view.nodes.forEach(node => place.set(node.id, node));
  view.boxes.forEach(item => {
    const [left, top, right, bottom] = item.box;
    item.count = String(view.nodes.filter(n => n.x >= left && n.x <= right && n.y >= top && n.y <= bottom).length);
  });
  view.pairs = pairsOf(place);
  drawnEdges = new Map();
  const nodes = view.nodes.map(node => ({ id: node.id, x: node.x, y: node.y }));
  sides = view.pairs.filter(isSide);
  const edges = view.pairs.filter(pair => !isSide(pair)).map(pair => { const { key, ...style } = edgeStyle(pair); drawnEdges.set(pair.id, key); return { id: pair.id, from: pair.from, to: pair.to, smooth: smooth(pair), ...style }; });
  nodeSet = new vis.DataSet(nodes);
  edgeSet = new vis.DataSet(edges);
  if (graph) graph.setData({ nodes: nodeSet, edges: edgeSet });
}
function startMap() {
  readPalette();
  const holder = document.getElementById('map');
  const options = { ...NET.options };
  options.nodes = { ...options.nodes, shape: 'custom', ctxRenderer: ({ ctx, id, x, y }) => ({ drawNode: () => { if (!lit || card(id).dim) drawCard(ctx, id, x, y); }, nodeDimensions: { width: view.width, height: CARD.height } }) };
  lit = litOf();
  drawView();
  graph = new vis.Network(holder, { nodes: nodeSet, edges: edgeSet }, options);
  graph.on('beforeDrawing', ctx => { drawBoxes(ctx); drawSides(ctx); });
  // What is lit stands in front of what is not.
  graph.on('afterDrawing', ctx => { if (lit) for (const node of view.nodes) if (!card(node.id).dim) drawCard(ctx, node.id, node.x, node.y); });
  graph.once('afterDrawing', () => { if (!document.documentElement.dataset.drawn) document.documentElement.dataset.drawn = performance.now().toFixed(0); });
  graph.on('click', ({ nodes, edges }) => { hideTip(); if (nodes.length) select(nodes[0]); else if (edges.length) select(view.pairs.find(pair => pair.id === edges[0]).from); else if (S.sel !== null) clear(); });
  graph.on('hoverNode', ({ node }) => { hovered = node; holder.style.cursor = 'pointer'; graph.redraw(); });
  graph.on('blurNode', () => { hovered = null; holder.style.cursor = ''; graph.redraw(); });
  graph.on('hoverEdge', ({ edge, event }) => showTip(view.pairs.find(pair => pair.id === edge), event));
  graph.on('blurEdge', hideTip);
  holder.addEventListener('mousemove', event => {
    const found = sideAt(event);
    if (found === sideHover) return;
    sideHover = found;
    if (found) showTip(found, event); else hideTip();
    graph.redraw();
  });
  for (const name_ of ['zoom', 'dragStart']) graph.on(name_, hideTip);
  fit(false);
  new ResizeObserver(() => { if (holder.clientWidth) { graph.redraw(); if (!moved) fit(false); } }).observe(holder);
  for (const name_ of ['zoom', 'dragEnd']) graph.on(name_, () => { moved = true; });
}
let moved = false;
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The scale at which all of the overview is seen. */
function fitScale() {
  const { clientWidth, clientHeight } = document.querySelector('main');
  const edges = [0, 1, 2, 3].map(i => (i < 2 ? Math.min : Math.max)(...OVERVIEW.boxes.map(item => item.box[i])));
  return Math.min((clientWidth - (narrow() ? 0 : panel.clientWidth)) / (edges[2] - edges[0] + 52), clientHeight / (edges[3] - edges[1] + 52));
}
const stacked = () => document.getElementById('stage').clientWidth < 720 || narrow();

function fit(animate = true) {
  const holder = document.getElementById('map');
  if (!holder.clientWidth || !view.boxes.length) return;
  const edges = [0, 1, 2, 3].map(i => (i < 2 ? Math.min : Math.max)(...view.boxes.map(item => item.box[i])));
  const pad = 26;
  const width = edges[2] - edges[0] + 2 * pad, height = edges[3] - edges[1] + 2 * pad;
  const room = holder.clientHeight;
  const scale = Math.min(holder.clientWidth / width, room / height, 1.25);
  // On a telephone the whole map would be a stamp: it begins at its corner instead, and is dragged.
  const least = narrow() ? Math.max(scale, view === OVERVIEW ? 0.55 : 0.62) : scale;
  const x = Math.min((edges[0] + edges[2]) / 2, least > scale ? edges[0] - pad + holder.clientWidth / 2 / least : Infinity);
  const y = least > scale && height * least > room ? edges[1] - pad + room / 2 / least : (edges[1] + edges[3]) / 2;
  graph.moveTo({ position: { x, y }, scale: least, animation: animate && !calm() ? { duration: 300 } : false });
  moved = false;
}

/** Restyles what a choice, a filter or a date changed. */
function refresh() {
  lit = litOf();
  cards.clear();
  const changed = [];
  for (const pair of view.pairs) {
    if (isSide(pair)) continue;
    const { key, ...style } = edgeStyle(pair);
    if (drawnEdges.get(pair.id) !== key) { drawnEdges.set(pair.id, key); changed.push({ id: pair.id, ...style }); }
  }
  if (changed.length) edgeSet.update(changed);
  graph.redraw();
}

// --- only what is lit: chains by distance from the chosen, neighbours by layer
function focusView() {
  const found = litOf();
  const chain = S.mode !== 'around';
  const column = new Map([...found.cards].map(([at, part]) => [at, chain ? (part.depth || 0) * (S.mode === 'needs' ? -1 : 1) : at === S.sel ? 100 : ENTITIES[at].layer]));
  if (!chain) column.set(S.sel, 3.5);
  const keys = [...new Set(column.values())].sort((a, b) => a - b);
  if (S.mode === 'needs' && stacked()) keys.reverse();
  const rowsOf = keys.map(key => [...column].filter(([, k]) => k === key).map(([at]) => at));
  const height = new Map();
  rowsOf.forEach(rows => rows.forEach((at, i) => height.set(at, i - rows.length / 2)));
  const near = at => ENTITIES[at].links.filter(l => found.links.has(l)).map(l => (LINKS[l].from === at ? LINKS[l].to : LINKS[l].from)).filter(o => o !== at && column.has(o));
  for (let sweep = 0; sweep < 8; sweep += 1) {
    for (const rows of rowsOf) {
      const pull = new Map(rows.map(at => { const others = near(at).filter(o => column.get(o) !== column.get(at)); return [at, others.length ? others.reduce((sum, o) => sum + height.get(o), 0) / others.length : height.get(at)]; }));
      rows.sort((a, b) => pull.get(a) - pull.get(b) || a - b);
      rows.forEach((at, i) => height.set(at, i - rows.length / 2));
    }
  }
  const ruler = document.createElement('canvas').getContext('2d');
  ruler.font = `600 13px ${palette.font}`;
  const width = Math.min(264, Math.max(...[...column.keys()].map(at => ruler.measureText(name(at)).width + 34 + 16 * card(at).marks.length + 32), CARD.width));
  const down = stacked(), pitch = 44, most = 16, nodes = [], boxes = [];
  let left = 0, above = 0;
  rowsOf.forEach((rows, index) => {
    const lanes = down ? Math.min(Math.ceil(rows.length / 8), 3) : Math.ceil(rows.length / most), deep = Math.ceil(rows.length / lanes);
    const top = down ? above : -(deep * pitch) / 2;
    if (down) left = 0;
    above += deep * pitch + 62;
    rows.forEach((at, i) => nodes.push({ id: at, x: left + (i % lanes) * (width + 18) + width / 2, y: top + Math.floor(i / lanes) * pitch + CARD.height / 2 }));
    const wide = lanes * width + (lanes - 1) * 18;
    const layer = chain || rows.includes(S.sel) ? undefined : keys[index];
    boxes.push({ layer, step: chain ? Math.abs(keys[index]) : layer === undefined ? 0 : undefined, box: [left, top - 44, left + wide, top + deep * pitch] });
    left += wide + 84;
  });
  return { nodes, boxes, pairs: [], width };
}
function setView() {
  lit = litOf();
  cards.clear();
  view = S.only && S.sel !== null ? focusView() : OVERVIEW;
  drawView();
  fit(false);
}
