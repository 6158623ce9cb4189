// Results of a query: table (sorted, paged, linked), graph, downloads. Reads SPARQL's own JSON and N-Triples.
import { $, api, el, localAddress, shortName } from './dom.js';
import { drawGraph } from './graph.js';

const PAGE = 50, ASKED = 1000, LABELLED = 5000;
const NUMERIC = /#(integer|decimal|double|float|int|long|nonNegativeInteger|gYear)$/;
const state = { columns: [], rows: [], order: null, down: false, page: 0, labels: new Map(), readable: true };

/** Shows the result of a SELECT or ASK, or the triples of a CONSTRUCT or DESCRIBE as rows. */
export async function show(result) {
  Object.assign(state, { columns: result.columns, rows: result.rows, order: null, page: 0 });
  state.labels = new Map();
  table();
  await readLabels();
  table();
}

/** Labels of the identifiers on hand, so that people read names and programs keep identifiers. */
async function readLabels() {
  const iris = [...new Set(state.rows.flat().filter(cell => cell && cell.type === 'uri').map(cell => cell.value))];
  const own = iris.filter(iri => localAddress(iri)?.startsWith('/')).slice(0, LABELLED);
  try {
    for (let start = 0; start < own.length; start += ASKED) {
      const found = await api('labels', { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ id: own.slice(start, start + ASKED) }) });
      found.forEach(row => state.labels.set(row.id, row));
    }
  } catch { /* identifiers are readable enough */ }
}

export function cellText(cell) {
  if (!cell) return '';
  if (cell.type === 'uri') return shortName(cell.value);
  return cell.type === 'bnode' ? `_:${cell.value}` : cell.value;
}
function cell(value) {
  if (!value) return el('td', {}, '');
  if (value.type !== 'uri') {
    const number = value.datatype && NUMERIC.test(value.datatype);
    const language = value['xml:lang'];
    return el(number ? 'td.num' : 'td', language ? { lang: language } : {}, cellText(value), language && language !== 'en' ? el('span.lang', {}, language) : '');
  }
  const label = state.labels.get(value.value), short = shortName(value.value), address = localAddress(value.value);
  const shown = state.readable && label ? label.label : short;
  const dot = label && label.layer ? el(`i.dot.l-${label.layer}`, { 'aria-hidden': 'true' }) : '';
  return el('td', {}, dot, dot ? ' ' : '', address ? el('a', { href: address, title: label && state.readable ? short : label ? label.label : value.value, rel: address.startsWith('/') ? null : 'noopener noreferrer' }, shown) : shown);
}

function sorted() {
  if (state.order === null) return state.rows;
  const key = row => { const value = row[state.order]; return value && value.type === 'uri' && state.readable && state.labels.has(value.value) ? state.labels.get(value.value).label : cellText(value); };
  const collate = new Intl.Collator(['en', 'zh-Hans'], { numeric: true }).compare;
  const rows = [...state.rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (!x || !y) return x ? -1 : y ? 1 : 0; // nothing stands last, whichever way
    const [m, n] = [Number(x), Number(y)];
    const order = Number.isFinite(m) && Number.isFinite(n) ? m - n : collate(x, y);
    return state.down ? -order : order;
  });
  return rows;
}

export function table() {
  const rows = sorted(), pages = Math.max(1, Math.ceil(rows.length / PAGE));
  state.page = Math.min(state.page, pages - 1);
  const from = state.page * PAGE, part = rows.slice(from, from + PAGE);
  const head = state.columns.map((name, index) => {
    const on = state.order === index;
    return el('th', { scope: 'col', 'aria-sort': on ? (state.down ? 'descending' : 'ascending') : 'none' },
      el('button', { type: 'button', onclick: () => { state.down = on && !state.down; state.order = index; table(); $('table').querySelectorAll('th button')[index].focus(); } }, name, el('span', { 'aria-hidden': 'true' }, on ? (state.down ? ' ▼' : ' ▲') : '')));
  });
  const caption = rows.length > PAGE ? `Rows ${from + 1} to ${from + part.length} of ${rows.length}` : `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  $('table').replaceChildren(
    el('div.wrap', { tabindex: '0', role: 'region', 'aria-label': 'Result table' }, el('table', {}, el('caption', {}, caption), el('thead', {}, el('tr', {}, head)), el('tbody', {}, part.map(row => el('tr', {}, row.map(cell)))))),
    pages > 1 ? pager(pages) : '');
}
function pager(pages) {
  const turn = to => { state.page = to; table(); $('results').scrollIntoView({ block: 'start' }); };
  return el('nav.pager', { 'aria-label': 'Pages of the result' },
    el('button.b', { type: 'button', disabled: state.page === 0, onclick: () => turn(state.page - 1) }, '‹ Previous'), `Page ${state.page + 1} of ${pages}`,
    el('button.b', { type: 'button', disabled: state.page === pages - 1, onclick: () => turn(state.page + 1) }, 'Next ›'));
}
export function setReadable(readable) { state.readable = readable; table(); }

/** Draws the result as a graph; says in words what it could not draw. */
export const graph = place => drawGraph(place, state);

// --- reading what the server sends
export function fromJson(data) {
  if ('boolean' in data) return { columns: ['answer'], rows: [[{ type: 'literal', value: String(data.boolean) }]] };
  const columns = data.head.vars;
  return { columns, rows: data.results.bindings.map(row => columns.map(name => row[name] || null)) };
}

const LINE = /^(<[^>]*>|_:\S+) (<[^>]*>) (.*) \.$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/;
const ESCAPES = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const unescape = text => text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) => (one ? ESCAPES[one] ?? one : String.fromCodePoint(parseInt(four || eight, 16))));
function term(text) {
  if (text.startsWith('<')) return { type: 'uri', value: unescape(text.slice(1, -1)) };
  if (text.startsWith('_:')) return { type: 'bnode', value: text.slice(2) };
  const [, value, language, datatype] = LITERAL.exec(text) || [null, text];
  return { type: 'literal', value: unescape(value), ...(language && { 'xml:lang': language }), ...(datatype && { datatype }) };
}
export function fromTriples(lines) {
  const rows = lines.split('\n').map(line => LINE.exec(line.trim())).filter(Boolean).map(([, subject, predicate, object]) => [subject, predicate, object].map(term));
  return { columns: ['subject', 'predicate', 'object'], rows };
}

/** CSV as a spreadsheet may open it: a cell that would be a formula is made text. */
export function csv() {
  const quote = text => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const harmless = value => { const text = value && value.type === 'uri' ? value.value : cellText(value); return /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text; };
  return [state.columns, ...sorted().map(row => row.map(harmless))].map(row => row.map(quote).join(',')).join('\r\n') + '\r\n';
}
