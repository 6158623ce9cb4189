// The scenario form: as many rows as are wanted, each completing names.
import { completeNames } from './combobox.js';

document.querySelectorAll('[data-add]').forEach(button => button.addEventListener('click', () => {
  const list = document.getElementById(button.dataset.add);
  const row = list.querySelector('.pick').cloneNode(true);
  row.querySelectorAll('.hits').forEach(hits => hits.remove());
  row.querySelectorAll('input').forEach(input => { input.value = ''; input.removeAttribute('id'); });
  list.append(row);
  prepare(row);
  const input = row.querySelector('input');
  completeNames(input);
  input.focus();
}));

function prepare(row) {
  row.querySelector('[data-remove]')?.addEventListener('click', () => {
    const list = row.parentElement, next = row.nextElementSibling || row.previousElementSibling;
    if (list.querySelectorAll('.pick').length > 1) { row.remove(); next.querySelector('input').focus(); } else row.querySelectorAll('input').forEach(input => { input.value = ''; });
  });
}
document.querySelectorAll('.pick').forEach(prepare);

// Empty rows say nothing: they stay out of the address, so that it can be read and passed on.
document.getElementById('scenario').addEventListener('submit', event => {
  // The two fields of a row go together or not at all: they are read in pairs.
  event.target.querySelectorAll('input').forEach(input => {
    const pair = input.closest('.pick.three');
    if (![...(pair ? pair.querySelectorAll('input') : [input])].some(one => one.value.trim())) input.disabled = true;
  });
});
addEventListener('pageshow', () => document.querySelectorAll('#scenario input').forEach(input => { input.disabled = false; }));
