// A text field that completes names of entities, in English and Chinese: WAI-ARIA's combobox with a list.
import { api, el, later } from './dom.js';

let count = 0;

/**
 * Makes a field complete names.
 * @param {HTMLInputElement} input the field
 * @param {(hit: object) => void} choose what happens with the chosen entity; by default its label is put into the field
 */
export function completeNames(input, choose = hit => { input.value = hit.label; }) {
  const id = `hits-${++count}`;
  const list = el('ul.hits', { id, role: 'listbox', 'aria-label': 'Names', hidden: true });
  input.after(list);
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false', autocomplete: 'off', spellcheck: 'false' })) input.setAttribute(name, value);
  let hits = [], at = -1, asked = '';

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }
  function mark(next) {
    at = next;
    [...list.children].forEach((row, index) => row.setAttribute('aria-selected', String(index === at)));
    if (at < 0) { input.removeAttribute('aria-activedescendant'); return; }
    input.setAttribute('aria-activedescendant', `${id}-${at}`);
    list.children[at].scrollIntoView({ block: 'nearest' });
  }
  function pick(index) {
    const hit = hits[index];
    close();
    choose(hit);
  }
  function show(found) {
    hits = found;
    const rows = hits.map((hit, index) => el('li', { id: `${id}-${index}`, role: 'option', 'aria-selected': 'false', onmousedown: event => { event.preventDefault(); pick(index); } },
      el(`i.dot.l-${hit.layer}`, { 'aria-hidden': 'true' }), el('b', {}, hit.label), hit.label_zh ? el('span.zh', { lang: 'zh' }, hit.label_zh) : '',
      el('span.small.soft', {}, hit.layer)));
    list.replaceChildren(...(rows.length ? rows : [el('li.none', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, 'Nothing in the graph is called that.')]));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    if (rows.length && input.dataset.first !== undefined) mark(0); else mark(-1);
  }
  const ask = later(async () => {
    const text = input.value.trim();
    asked = text;
    if ([...text].length < 2) { close(); return; } // one letter begins too many names
    try {
      const found = await api(`names?limit=8&text=${encodeURIComponent(text)}`);
      if (asked === text && document.activeElement === input) show(found);
    } catch { close(); }
  }, 120);

  input.addEventListener('input', ask);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' && list.hidden) { ask(); return; }
    if (list.hidden) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (hits.length) mark((at + (event.key === 'ArrowDown' ? 1 : -1) + hits.length) % hits.length);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      pick(at);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
}
