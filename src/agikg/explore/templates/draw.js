// Small pieces of page: elements made of text only, and glyphs that are the same on canvas, in SVG and in HTML.
const SVG_NS = 'http://www.w3.org/2000/svg';

/** An element; children are elements or text. Nothing here ever parses markup. */
function el(tag, props, ...children) {
  const [kind, ...classes] = tag.split('.');
  const node = document.createElement(kind || 'div');
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'color') node.style.setProperty('--c', value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false && child !== ''));
  return node;
}
function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG_NS, tag);
  for (const [key, value] of Object.entries(props || {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Paths in a box of 12 by 12.
const GLYPHS = {
  choke: { d: 'M6 .8L11.2 6L6 11.2L.8 6Z', fill: true, color: '--mark' },
  barred: { d: 'M6 1A5 5 0 1 1 5.99 1ZM2.5 9.5L9.5 2.5', color: '--bad' },
  contest: { d: 'M1.5 4H10.5M1.5 8H10.5M8.5 1.2L3.5 10.8', color: '--warn' },
};
const css = variable => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
function glyph(kind, size = 12) {
  const { d, fill, color } = GLYPHS[kind];
  return svg('svg', { viewBox: '0 0 12 12', width: size, height: size, 'aria-hidden': 'true' },
    svg('path', { d, fill: fill ? `var(${color})` : 'none', stroke: `var(${color})`, 'stroke-width': 1.6 }));
}
/** Three circles, as many filled as the confidence has steps. */
function dots(level, most = 3) {
  const node = svg('svg', { viewBox: `0 0 ${most * 9} 8`, width: most * 9, height: 8, 'aria-hidden': 'true' });
  for (let i = 0; i < most; i += 1) node.append(svg('circle', { cx: i * 9 + 4, cy: 4, r: 3, fill: i < level ? 'currentColor' : 'none', stroke: 'currentColor', 'stroke-width': 1.2 }));
  return node;
}
const sure = value => el('span.sure', {}, dots(sureLevel(value)), named(RAW.confidences[sureWord(value)]));
function edgeSample(kind) {
  const node = svg('svg', { viewBox: '0 0 56 14', width: 56, height: 14, 'aria-hidden': 'true' });
  const color = kind === 'barred' ? 'var(--bad)' : kind === 'other' ? 'var(--edge)' : 'var(--dep)';
  const dash = { possible: '7 5', barred: '2 4' }[kind] || 'none';
  node.append(svg('path', { d: 'M3 7H47', stroke: color, 'stroke-width': { support: 1.1, other: 1 }[kind] || 2.4, 'stroke-dasharray': dash, fill: 'none', opacity: kind === 'other' ? 0.55 : 1 }));
  node.append(svg('path', { d: 'M46 3L54 7L46 11Z', fill: color, opacity: kind === 'other' ? 0.55 : 1 }));
  if (kind === 'barred') node.append(svg('path', { d: GLYPHS.barred.d, transform: 'translate(18 1)', fill: 'var(--card)', stroke: color, 'stroke-width': 1.6 }));
  return node;
}
const tag = (kind, text, mark) => el(`span.tag${kind ? '.' + kind : ''}`, {}, mark ? glyph(mark, 10) : '', text);
const layerColor = layer => `var(--l${layer % 9})`;
const layerDot = at => el('i.dot', { color: layerColor(ENTITIES[at].layer), title: layerName(ENTITIES[at].layer) });
/** A name that leads to its entity; a real link, so that it wraps like text and can be copied. */
const nameButton = (at, mode) => el('a.name', { href: `#${encodeURIComponent(ENTITIES[at].id)}`, onclick: event => { if (event.metaKey || event.ctrlKey) return; event.preventDefault(); select(at, mode); } }, name(at));
