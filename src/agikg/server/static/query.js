// The query page: runs what the editor holds, shows what comes back, keeps history, examples and the link.
import { $, el, failure, remember } from './dom.js';
import { declare, setText, showFault, startEditor, text } from './editor.js';
import { csv, fromJson, fromTriples, graph, setReadable, show, table } from './results.js';
import { form } from './sparql.js';

const HISTORY = 40;
const JSON_RESULTS = 'application/sparql-results+json', TRIPLES = 'application/n-triples';
let last = null, running = null, view = 'table';

const triples = query => ['CONSTRUCT', 'DESCRIBE'].includes(form(query));
const send = (query, accept, signal) => fetch('/sparql', { method: 'POST', signal, headers: { Accept: accept, 'Content-Type': 'application/sparql-query; charset=utf-8' }, body: query });

async function run() {
  const query = text();
  if (running) running.abort();
  running = new AbortController();
  const mine = running, started = performance.now();
  $('error').hidden = true;
  $('status').textContent = 'running …';
  $('stop').hidden = false;
  try {
    const reply = await send(query, triples(query) ? TRIPLES : JSON_RESULTS, mine.signal);
    const body = await reply.text();
    const took = performance.now() - started;
    if (!reply.ok) throw failure(parsed(body), reply);
    const result = triples(query) ? fromTriples(body) : fromJson(JSON.parse(body));
    last = { query, result };
    remember.set('history', [query, ...remember.get('history', []).filter(one => one !== query)].slice(0, HISTORY));
    setAddress(query);
    const count = result.rows.length;
    $('results').hidden = false;
    downloads(query);
    await show(result);
    if (view === 'graph') await drawn();
    showHistory();
    if (mine !== running) return;
    $('status').textContent = `${count.toLocaleString('en')} ${triples(query) ? (count === 1 ? 'triple' : 'triples') : count === 1 ? 'row' : 'rows'} in ${took < 1000 ? `${Math.round(took)} ms` : `${(took / 1000).toFixed(1)} s`}`;
  } catch (error) {
    if (error.name === 'AbortError') { if (mine === running) $('status').textContent = 'stopped'; return; }
    $('status').textContent = '';
    complain(error);
  } finally {
    if (mine === running) { running = null; $('stop').hidden = true; }
  }
}
function parsed(body) { try { return JSON.parse(body); } catch { return null; } }

/** What went wrong, in the server's words; where it says line and column, the editor shows the place. */
function complain(error) {
  const place = /line (\d+), column (\d+)/.exec(error.message);
  $('error').replaceChildren(el('p', {}, el('strong', {}, error.message)), error.hint ? el('p.soft', {}, error.hint) : '');
  $('error').hidden = false;
  if (place) showFault(Number(place[1]), Number(place[2]));
}

function setAddress(query) {
  const address = new URL(location.href);
  address.search = '';
  address.searchParams.set('query', query);
  // Very long queries would make an address that browsers and mail programs cut.
  if (address.href.length < 8000) history.replaceState(null, '', address);
}

// --- views and downloads
async function drawn() {
  try { $('graph-note').textContent = await graph($('graph')); } catch (error) { $('graph-note').textContent = error.message; }
}
function choose(which) {
  view = which;
  for (const name of ['table', 'graph']) {
    $(`show-${name}`).setAttribute('aria-selected', String(name === which));
    $(`show-${name}`).tabIndex = name === which ? 0 : -1;
    $(`${name}-panel`).hidden = name !== which;
  }
  if (which === 'graph' && last) drawn(); else if (last) table();
}
function downloads(query) {
  const offers = triples(query)
    ? [['Turtle', 'text/turtle', 'ttl'], ['N-Triples', TRIPLES, 'nt'], ['JSON-LD', 'application/ld+json', 'jsonld'], ['CSV', null, 'csv']]
    : [['CSV', null, 'csv'], ['TSV', 'text/tab-separated-values', 'tsv'], ['JSON', JSON_RESULTS, 'json']];
  $('downloads').replaceChildren(...offers.map(([name, type, ending]) => el('button.b', { type: 'button', 'data-download': ending, onclick: () => save(query, type, ending) }, name)));
}
async function save(query, type, ending) {
  try {
    let data = type === null ? csv() : null;
    if (type !== null) {
      const reply = await send(query, type);
      if (!reply.ok) throw failure(parsed(await reply.text()), reply);
      data = await reply.text();
    }
    const address = URL.createObjectURL(new Blob([data], { type: type || 'text/csv;charset=utf-8' }));
    el('a', { href: address, download: `agikg-result.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch (error) { complain(error); }
}

// --- history and examples
const headline = query => (query.split('\n').find(line => /^#\+? ?\S/.test(line)) || query.split('\n').find(line => line.trim() && !/^(PREFIX|BASE)\b/i.test(line.trim())) || query).replace(/^#\+? ?(summary: )?/, '').trim();
function showHistory() {
  const kept = remember.get('history', []);
  $('history').replaceChildren(...(kept.length ? kept.map(query => el('li', {}, el('button', { type: 'button', onclick: () => setText(query) }, el('code', {}, headline(query))))) : [el('li.soft.small', {}, 'Queries that ran appear here; they stay in this browser.')]));
  $('forget').hidden = !kept.length;
}

startEditor();
showHistory();
$('run').addEventListener('click', run);
$('stop').addEventListener('click', () => running && running.abort());
$('prefixes').addEventListener('click', () => declare().then(() => $('query').focus()));
$('forget').addEventListener('click', () => { remember.set('history', []); showHistory(); });
$('readable').addEventListener('change', event => { setReadable(event.target.checked); if (view === 'graph' && last) drawn(); });
$('copy').addEventListener('click', async () => {
  setAddress(text());
  try { await navigator.clipboard.writeText(location.href); $('status').textContent = 'link copied'; } catch { $('status').textContent = 'the link is in the address bar'; }
});
document.querySelectorAll('[data-example]').forEach(button => button.addEventListener('click', () => { setText(button.querySelector('template').content.textContent); run(); }));
for (const name of ['table', 'graph']) {
  $(`show-${name}`).addEventListener('click', () => choose(name));
  $(`show-${name}`).addEventListener('keydown', event => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = name === 'table' ? 'graph' : 'table';
    choose(other);
    $(`show-${other}`).focus();
  });
}
document.addEventListener('theme', () => { if (view === 'graph' && last) drawn(); });
addEventListener('keydown', event => { if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') { event.preventDefault(); run(); } });
if (new URLSearchParams(location.search).has('query')) run();
