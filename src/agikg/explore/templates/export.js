// What leaves the page on request: a picture of the map, as PNG or SVG. Nothing else leaves it.
const fileName = () => `agikg-${S.sel !== null ? ENTITIES[S.sel].id : STORY.kind}`;
function download(blob, ending) {
  const link = el('a', { href: URL.createObjectURL(blob), download: `${fileName()}.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
function savePng() {
  const from = document.querySelector('#map canvas'), to = document.createElement('canvas');
  to.width = from.width;
  to.height = from.height;
  const ctx = to.getContext('2d');
  ctx.fillStyle = palette.bg;
  ctx.fillRect(0, 0, to.width, to.height);
  ctx.drawImage(from, 0, 0);
  to.toBlob(blob => download(blob, 'png'), 'image/png');
}
function saveSvg() { download(new Blob([mapSvg()], { type: 'image/svg+xml' }), 'svg'); }

/** The view as a drawing: boxes, lines, cards, from the same descriptions as on the canvas. */
function mapSvg() {
  const ends = [0, 1, 2, 3].map(i => (i < 2 ? Math.min : Math.max)(...view.boxes.map(item => item.box[i])));
  const [left, top, width, height] = [ends[0] - 30, ends[1] - 20, ends[2] - ends[0] + 60, ends[3] - ends[1] + 90];
  const root = svg('svg', { xmlns: SVG_NS, viewBox: `${left} ${top} ${width} ${height}`, width, height, 'font-family': 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif' });
  root.append(svg('title', {}, document.title), svg('rect', { x: left, y: top, width, height, fill: palette.bg }));
  for (const item of view.boxes) {
    const [a, b, c, d] = item.box, color = item.layer === undefined ? palette.soft : palette.layers[item.layer];
    root.append(svg('rect', { x: a - 14, y: b, width: c - a + 28, height: d - b + 12, rx: 12, fill: color, opacity: 0.07 }), svg('text', { x: a - 2, y: b + 28, fill: color, 'font-size': 19, 'font-weight': 700 }, `${boxTitle(item)} ${item.count}`));
  }
  for (const pair of view.pairs) {
    const style = edgeStyle(pair);
    if (!style.hidden) root.append(svgLine(pair, style));
  }
  const ctx = document.createElement('canvas').getContext('2d');
  for (const node of view.nodes) root.append(svgCard(node, ctx));
  root.append(svg('text', { x: left + 20, y: top + height - 18, fill: palette.soft, 'font-size': 13 }, `agikg · ${RAW.snapshot} · ${t('asOf')} ${S.day.text}`));
  return new XMLSerializer().serializeToString(root);
}
function svgLine(pair, style) {
  const a = place.get(pair.from), b = place.get(pair.to), half = view.width / 2;
  const same = Math.abs(a.x - b.x) < half, turn = b.x > a.x ? 1 : -1;
  const x1 = a.x + half * turn, x2 = same ? b.x + half * turn : b.x - half * turn, bend = same ? 60 * turn : (x2 - x1) / 2;
  const d = `M${x1} ${a.y}C${x1 + bend} ${a.y} ${same ? x2 + bend : x2 - bend} ${b.y} ${x2} ${b.y}`;
  const line = svg('path', { d, fill: 'none', stroke: style.color.color, 'stroke-width': style.width, 'stroke-dasharray': style.dashes ? style.dashes.join(' ') : 'none' });
  const group = svg('g', {}, line);
  const tip = same ? turn : -turn;
  if (style.arrows.to.enabled) group.append(svg('path', { d: `M${x2} ${b.y}l${9 * tip} -4v8Z`, fill: style.color.color }));
  return group;
}
function svgCard(node, ctx) {
  const c = card(node.id), x = node.x - view.width / 2, y = node.y - CARD.height / 2;
  ctx.font = `600 13px ${palette.font}`;
  const told = c.word || c.marks.map(([kind, n]) => ({ choke: '◆', barred: '⊘', contest: '≠' }[kind] + n)).concat(c.dots ? '●'.repeat(c.dots) + '○'.repeat(3 - c.dots) : c.count).join(' ');
  const room = view.width - 26 - told.length * 7.5;
  const stroke = c.root ? palette.focus : c.state ? palette[STATE_COLOR[c.state]] : palette.line;
  return svg('g', { opacity: c.dim ? 0.2 : 1 },
    svg('rect', { x, y, width: view.width, height: CARD.height, rx: 6, fill: palette.card, stroke, 'stroke-width': c.root ? 3 : c.state ? 2 : 1, 'stroke-dasharray': (DASH[c.state] || []).join(' ') || 'none' }),
    svg('rect', { x, y, width: 6, height: CARD.height, rx: 3, fill: c.color }),
    svg('text', { x: x + 13, y: node.y + 5, 'font-size': 13, 'font-weight': 600, fill: palette.ink }, shorten(ctx, name(node.id), room)),
    svg('text', { x: x + view.width - 8, y: node.y + 4, 'font-size': 11, 'text-anchor': 'end', fill: palette.soft }, told));
}
