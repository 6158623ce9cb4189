// The scenario form: as many rows as are wanted, each completing names.
import { completeNames } from './combobox.js';

document.querySelectorAll('[data-add]').forEach(button => button.addEventListener('click', () => {
  const list = document.getElementById(button.dataset.add);
  const row = list.querySelector('.pick').cloneNode(true);
  row.querySelectorAll('.hits').forEach(hits => hits.remove());
  row.querySelectorAll('input').forEach(input => { input.value = ''; input.removeAttribute('id'); });
  list.append(row);
  prepare(row);
  row.querySelectorAll('input[data-names]').forEach(input => completeNames(input));
  row.querySelector('input').focus();
}));

function prepare(row) {
  row.querySelector('[data-remove]').addEventListener('click', () => {
    const list = row.parentElement, next = row.nextElementSibling || row.previousElementSibling;
    if (list.querySelectorAll('.pick').length > 1) { row.remove(); next.querySelector('input').focus(); } else row.querySelectorAll('input').forEach(input => { input.value = ''; });
  });
}
document.querySelectorAll('.pick').forEach(prepare);

// What says nothing stays out of the address, so that it can be read and passed on.
const form = document.getElementById('scenario'), by = document.getElementById('by');
form.addEventListener('submit', () => {
  form.querySelectorAll('input').forEach(input => {
    // The two fields of a row go together or not at all: they are read in pairs.
    const row = input.closest('.pick');
    if (![...(row ? row.querySelectorAll('input') : [input])].some(one => one.value.trim())) input.disabled = true;
  });
  form.querySelectorAll('select').forEach(select => { select.disabled = !select.value; });
  by.disabled = ![...form.querySelectorAll('[name=deny_country]')].some(country => country.value.trim());
});
addEventListener('pageshow', () => form.querySelectorAll('input, select').forEach(field => { field.disabled = false; }));
