// What every page has: the find box, the theme, the keys, the list of keys.
import { completeNames } from './combobox.js';
import { $ } from './dom.js';

const find = $('find');
completeNames(find, hit => { location.href = `/id/${encodeURIComponent(hit.id.slice(2))}`; });
document.querySelectorAll('input[data-names]').forEach(input => completeNames(input));

$('theme').addEventListener('click', () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = dark ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  try { localStorage.setItem('agikg-theme', theme); } catch { /* then it is forgotten */ }
  document.dispatchEvent(new CustomEvent('theme'));
});

const keys = $('keys');
$('keys-button').addEventListener('click', () => keys.showModal());
keys.querySelector('button').addEventListener('click', () => keys.close());

const PLACES = { a: '/', m: '/explore', q: '/query', s: '/scenario', b: '/entities' };
let going = false;
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest('input, textarea, select, [contenteditable], dialog');
  if (typing) return;
  if (going && PLACES[event.key]) { location.href = PLACES[event.key]; return; }
  going = event.key === 'g';
  if (event.key === '/') { event.preventDefault(); find.focus(); find.select(); }
  if (event.key === '?') keys.showModal();
});
document.documentElement.dataset.ready = '';
