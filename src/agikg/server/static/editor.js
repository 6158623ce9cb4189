// The SPARQL editor: a textarea that keeps all of the browser's own editing, over a coloured copy of its text.
import { stretch, suggestions, terms } from './completion.js';
import { $, el, later } from './dom.js';
import { tokens, withPrefixes } from './sparql.js';

const area = $('query'), paint = $('paint'), gutter = $('gutter');
const box = el('ul.suggest', { id: 'suggest', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
document.body.append(box);
let fault = null, rows = [], chosen = 0, place = null, round = 0;

// --- colours
function draw() {
  const pieces = [];
  for (const token of tokens(area.value)) {
    const name = ['space', 'mark', 'word', 'tag'].includes(token.kind) ? '' : `t-${token.kind}`;
    pieces.push(...split(token, name));
  }
  paint.replaceChildren(...pieces, '\n');
  const lines = area.value.split('\n').length;
  const faulty = fault === null ? 0 : area.value.slice(0, fault.start).split('\n').length;
  gutter.replaceChildren(...Array.from({ length: lines }, (_, index) => el(index + 1 === faulty ? 'span.at' : 'span', {}, `${index + 1}\n`)));
  scroll();
}
/** A token, cut where the marked fault begins and ends. */
function split(token, name) {
  const piece = (from, to, extra) => {
    const text = token.text.slice(from - token.start, to - token.start);
    const classes = [name, extra].filter(Boolean).join('.');
    return classes ? el(`span.${classes}`, {}, text) : text;
  };
  if (!fault || fault.end <= token.start || fault.start >= token.end) return [piece(token.start, token.end, '')];
  const from = Math.max(fault.start, token.start), to = Math.min(fault.end, token.end);
  return [[token.start, from, ''], [from, to, 't-fault'], [to, token.end, '']].filter(([a, b]) => a < b).map(([a, b, extra]) => piece(a, b, extra));
}
function scroll() {
  paint.scrollTop = area.scrollTop;
  paint.scrollLeft = area.scrollLeft;
  gutter.scrollTop = area.scrollTop;
}

// --- text
/** Puts text in place of a stretch, as if typed: undo takes it back. */
function replace(start, end, text) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text, start, end, 'end');
    area.dispatchEvent(new Event('input'));
  }
}
export const text = () => area.value;
export function setText(value) {
  replace(0, area.value.length, value);
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
  scroll();
}
/** Marks the place of an error, counted from 1, and puts the cursor there. */
export function showFault(line, column) {
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + [...(lines[line - 1] || '')].slice(0, column - 1).join('').length;
  const token = tokens(area.value).find(one => one.start >= start && one.kind !== 'space') || { start: Math.max(0, area.value.length - 1), end: area.value.length };
  fault = { start: Math.min(start, token.start), end: Math.max(token.end, start + 1) };
  draw();
  area.focus();
  area.setSelectionRange(token.start, token.start);
  area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
}
/** Adds the PREFIX lines that are missing; the cursor stays at what it was at. */
export async function declare() {
  const { prefixes } = await terms();
  const { added, text: whole } = withPrefixes(area.value, prefixes);
  if (!added) return;
  const cursor = area.selectionStart;
  replace(0, 0, whole.slice(0, added));
  area.setSelectionRange(cursor + added, cursor + added);
}

// --- completion
async function complete(asked) {
  const mine = ++round;
  const at = stretch(area.value, area.selectionStart);
  if (at === null || (!asked && at.text.length < 2)) { close(); return; }
  const found = await suggestions(area.value, at).catch(() => []);
  if (mine !== round || document.activeElement !== area || area.selectionStart !== at.end) return;
  rows = found.filter(row => row.insert !== at.text);
  place = at;
  if (!rows.length) { close(); return; }
  box.replaceChildren(...rows.map((row, index) => el('li', { id: `suggest-${index}`, role: 'option', onmousedown: event => { event.preventDefault(); accept(index); } },
    el('b', {}, row.insert), el('span', {}, row.about))));
  box.hidden = false;
  stand();
  $('offered').textContent = `${rows.length} ${rows.length === 1 ? 'suggestion' : 'suggestions'}`;
  mark(0);
}
function mark(index) {
  chosen = (index + rows.length) % rows.length;
  [...box.children].forEach((row, at) => row.setAttribute('aria-selected', String(at === chosen)));
  box.children[chosen].scrollIntoView({ block: 'nearest' });
  area.setAttribute('aria-activedescendant', `suggest-${chosen}`);
}
function close() {
  round += 1;
  box.hidden = true;
  $('offered').textContent = '';
  area.removeAttribute('aria-activedescendant');
}
async function accept(index) {
  const { insert, kind } = rows[index], { start, end } = place;
  close();
  replace(start, end, insert);
  if (kind !== 'keyword' && kind !== 'variable' && kind !== 'prefix') await declare();
  close();
}
/** Puts the list below what is being typed: the coloured copy knows where that is on the screen. */
function stand() {
  const range = document.createRange();
  let left = place.start;
  const walker = document.createTreeWalker(paint, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && left > node.length) { left -= node.length; node = walker.nextNode(); }
  if (!node) return;
  range.setStart(node, left);
  range.setEnd(node, Math.min(node.length, left + 1));
  const spot = range.getBoundingClientRect();
  const below = spot.bottom + box.offsetHeight + 8 < innerHeight;
  box.style.left = `${Math.max(8, Math.min(spot.left + scrollX, scrollX + document.documentElement.clientWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${below ? spot.bottom + scrollY + 4 : spot.top + scrollY - box.offsetHeight - 4}px`;
}

// --- keys
const PAIRS = { '{': '}', '(': ')' };
function onKey(event) {
  if (event.isComposing) return;
  const open = !box.hidden, { key } = event;
  if (open && (key === 'ArrowDown' || key === 'ArrowUp')) { event.preventDefault(); mark(chosen + (key === 'ArrowDown' ? 1 : -1)); return; }
  if (open && !event.ctrlKey && !event.metaKey && (key === 'Enter' || key === 'Tab')) { event.preventDefault(); accept(chosen); return; }
  if (key === 'Escape' && open) { event.preventDefault(); event.stopPropagation(); close(); return; }
  if ((event.ctrlKey || event.metaKey) && key === ' ') { event.preventDefault(); complete(true); return; }
  if ((event.ctrlKey || event.metaKey) && key === '/') { event.preventDefault(); comment(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { selectionStart: start, selectionEnd: end, value } = area;
  if (key === 'Enter') {
    event.preventDefault();
    const line = value.slice(value.lastIndexOf('\n', start - 1) + 1, start), indent = /^ */.exec(line)[0];
    const opens = /[{(]\s*$/.test(line), closes = /^\s*[})]/.test(value.slice(end));
    replace(start, end, `\n${indent}${opens ? '  ' : ''}${opens && closes ? `\n${indent}` : ''}`);
    if (opens && closes) area.setSelectionRange(start + indent.length + 3, start + indent.length + 3);
  } else if (PAIRS[key] && /^\s|^$/.test(value.slice(end, end + 1)) && start === end && !/[<"']\S*$/.test(value.slice(0, start))) {
    event.preventDefault();
    replace(start, end, key + PAIRS[key]);
    area.setSelectionRange(start + 1, start + 1);
  } else if ((key === '}' || key === ')') && start === end && value[start] === key && Object.values(PAIRS).includes(key) && balanced(value, key)) {
    event.preventDefault();
    area.setSelectionRange(start + 1, start + 1);
  }
}
/** Whether brackets of a kind come in pairs already: then typing the closing one steps over it. */
function balanced(value, closing) {
  const opening = Object.keys(PAIRS).find(key => PAIRS[key] === closing);
  const marks = tokens(value).filter(token => token.kind === 'mark').map(token => token.text);
  return marks.filter(mark => mark === opening).length === marks.filter(mark => mark === closing).length;
}
function comment() {
  const { value } = area, from = value.lastIndexOf('\n', area.selectionStart - 1) + 1;
  const to = value.indexOf('\n', area.selectionEnd) < 0 ? value.length : value.indexOf('\n', area.selectionEnd);
  const lines = value.slice(from, to).split('\n'), off = lines.every(line => line.startsWith('#'));
  replace(from, to, lines.map(line => (off ? line.replace(/^# ?/, '') : `# ${line}`)).join('\n'));
}

const soon = later(() => complete(false), 60);
export function startEditor() {
  area.addEventListener('input', event => {
    fault = null;
    draw();
    if (!event.isComposing && (!event.inputType || /^(insertText|insertComposition|insertFromComposition|deleteContentBackward)/.test(event.inputType))) soon(); else close();
  });
  area.addEventListener('compositionend', soon);
  area.addEventListener('scroll', () => { scroll(); close(); });
  area.addEventListener('keydown', onKey);
  area.addEventListener('blur', close);
  area.addEventListener('click', close);
  draw();
}
