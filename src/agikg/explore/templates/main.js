// Choosing, searching, filtering, dates, keys, links, language and theme: everything that changes the state, in one place.
const $ = id => document.getElementById(id);
const stage = document.querySelector('main');

function select(at, mode) {
  S.sel = at;
  if (mode) S.mode = mode;
  else if (S.mode !== 'around' && !reach(at, S.mode === 'needed').length) S.mode = 'around';
  const far = !OVERVIEW.nodes.some(node => node.id === at);
  changeView(far || S.only || cramped());
  if (narrow()) show('panel');
  setHash();
  panel.focus({ preventScroll: true });
}
function setMode(mode) {
  S.mode = mode;
  const needs = litOf();
  changeView(S.only || cramped() || [...needs.cards.keys()].some(at => !OVERVIEW.nodes.some(node => node.id === at)) && mode !== 'around');
  setHash();
}
function changeView(only) {
  const before = view;
  S.only = only;
  if (only || before !== OVERVIEW) setView();
  else refresh();
  showBar();
  if (view === OVERVIEW && S.sel !== null) bringIntoSight();
  showPanel(false);
}
function clear() {
  S.sel = null;
  S.mode = 'around';
  changeView(false);
  if (narrow() && S.view === 'panel') show('panel');
  setHash();
}
/** The chosen card, if the map is zoomed in elsewhere. */
function bringIntoSight() {
  const spot = place.get(S.sel);
  if (!spot || !$('map').clientWidth) return;
  const dom = graph.canvasToDOM(spot), { clientWidth: w, clientHeight: h } = $('map');
  if (dom.x < 20 || dom.y < 20 || dom.x > w - 20 || dom.y > h - 20) graph.moveTo({ position: spot, animation: !calm() && { duration: 250 } });
}
function setHash() {
  const wanted = S.sel === null ? '' : `#${encodeURIComponent(ENTITIES[S.sel].id)}${S.mode === 'around' ? '' : `/${S.mode}`}`;
  if (location.hash !== wanted) try { history.replaceState(null, '', wanted || location.pathname + location.search); } catch { /* a frame without an address has no deep links */ }
}
function readHash() {
  let text;
  try { text = decodeURIComponent(location.hash.slice(1)); } catch { return false; }
  const [id, mode] = text.split('/');
  const found = ENTITIES.find(entity => entity.id === id);
  if (found) select(found.at, ['needs', 'needed'].includes(mode) ? mode : 'around');
  return Boolean(found);
}
/** Whether the whole map is too small to read a chain on it. */
const cramped = () => S.only === false && fitScale() < 0.42;
const narrow = () => matchMedia('(max-width: 760px)').matches;

// --- what the map says of itself: what is lit, and how to leave it
function showBar() {
  const bar = $('bar');
  bar.hidden = S.sel === null;
  if (bar.hidden) return;
  const count = lit ? lit.cards.size - 1 : 0;
  const text = { around: t('around'), needs: t('needs'), needed: t('needed') }[S.mode];
  const keys = S.mode === 'around' ? [] : [['essential', t('essential')], ['support', t('supporting')], ['possible', t('possible')], ['barred', t('barred')]].filter(([kind]) => view.pairs.some(pair => { const s = pairState(pair); return s && s.lit && s.kind === kind; }));
  const onMap = OVERVIEW.nodes.some(node => node.id === S.sel);
  bar.replaceChildren(el('span.say', {}, el('b', {}, name(S.sel)), ` · ${text}: ${count}`), ...keys.map(([kind, word]) => el('span.key', {}, edgeSample(kind), word)),
    ...(S.mode === 'around' ? [] : [el('span.key', {}, dots(2), t('sure'))]),
    el('button.b', { type: 'button', 'aria-pressed': String(S.only), onclick: () => { if (S.only && !onMap) clear(); else changeView(!S.only); } }, S.only ? t('whole') : t('only')), el('button.b', { type: 'button', onclick: clear }, t('clear')),
    el('button.b.go', { type: 'button', onclick: () => show('panel') }, t('details')));
}

// --- edges under the pointer
function showTip(pair, event) {
  const state = pair && pairState(pair), tip = $('tip');
  if (!state || (lit && !state.lit)) return;
  const parts = state.on.slice(0, 3).map(link => [
    el('p', {}, el('b', {}, name(link.subject)), ' ', reads(link, link.subject), ' ', el('b', {}, name(link.object))),
    el('p', {}, link.dep ? linkTags(link) : sure(link.score)), ...[...claimsOf(link), ...link.bars].slice(0, 3).map(claimBlock),
  ]);
  tip.replaceChildren(...parts.flat(9));
  tip.hidden = false;
  const box = $('stage').getBoundingClientRect(), x = (event.clientX ?? event.center?.x ?? box.left) - box.left, y = (event.clientY ?? event.center?.y ?? box.top) - box.top;
  tip.style.left = `${Math.max(8, Math.min(x + 16, box.width - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(8, y + 16 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 12 : y + 16)}px`;
}
function hideTip() { $('tip').hidden = true; }

// --- search: English, Chinese, aliases, identifiers
const plain = text => text.normalize('NFKC').toLowerCase().replace(/[\s\-_.·,'’"()]+/g, '');
const INDEX = ENTITIES.map(entity => [entity.en, entity.zh, entity.id, ...entity.aliases].filter(Boolean).map(word => ({ flat: plain(word), words: word.toLowerCase().split(/[\s\-/()]+/) })));
let hits = [], hit = -1;
function search(text) {
  const flat = plain(text), parts = text.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  if (!flat) return [];
  const ranked = [];
  ENTITIES.forEach(({ at }) => {
    let best = 9;
    for (const { flat: whole, words } of INDEX[at]) {
      if (whole === flat) best = 0;
      else if (whole.startsWith(flat)) best = Math.min(best, 1);
      else if (parts.every(part => words.some(word => word.startsWith(part)))) best = Math.min(best, 2);
      else if (whole.includes(flat)) best = Math.min(best, 3);
    }
    if (best < 9) ranked.push([best, -ENTITIES[at].links.length - 3 * net().needed[at].length, at]);
  });
  return ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).slice(0, 30).map(row => row[2]);
}
function showHits() {
  const box = $('hits'), text = $('q').value;
  hits = search(text);
  hit = hits.length ? 0 : -1;
  box.hidden = !text.trim();
  $('q').setAttribute('aria-expanded', String(!box.hidden));
  const onMap = new Set(OVERVIEW.nodes.map(node => node.id));
  box.replaceChildren(...(hits.length ? hits.map((at, i) => el('li', { role: 'option', id: `hit${i}`, 'aria-selected': String(i === hit), onmousedown: event => { event.preventDefault(); pick(i); } },
    layerDot(at), el('b', {}, name(at)), el('span.soft.small', {}, [zh() ? ENTITIES[at].en : ENTITIES[at].zh, layerName(ENTITIES[at].layer), onMap.has(at) ? '' : t('off')].filter(Boolean).join(' · ')))) : [el('li.none', {}, t('nothing'))]));
  markHit();
}
function markHit() {
  [...$('hits').children].forEach((item, i) => { if (item.id) item.setAttribute('aria-selected', String(i === hit)); });
  if (hit >= 0) { $('q').setAttribute('aria-activedescendant', `hit${hit}`); $('hits').children[hit]?.scrollIntoView({ block: 'nearest' }); } else $('q').removeAttribute('aria-activedescendant');
}
function pick(i) {
  if (hits[i] === undefined) return;
  closeHits();
  $('q').value = '';
  select(hits[i], S.mode);
}
function closeHits() { $('hits').hidden = true; $('q').setAttribute('aria-expanded', 'false'); }

// --- keys
function onKey(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); $('q').focus(); $('q').select(); return; }
  if (event.key === 'Escape') {
    hideTip();
    if (!$('hits').hidden) closeHits();
    else if (!$('filters').hidden) toggleFilters(false);
    else if (S.sel !== null) clear();
    if (typing) event.target.blur();
    return;
  }
  if (event.target === $('q')) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) { event.preventDefault(); hit = (hit + step + hits.length) % hits.length; markHit(); }
    if (event.key === 'Enter') { event.preventDefault(); if ($('hits').hidden) showHits(); pick(hit); }
  } else if (event.target === $('map') && event.key.startsWith('Arrow')) { event.preventDefault(); step(event.key); }
}
/** The nearest card in a direction. */
function step(key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const from = place.get(S.sel) || { x: view.boxes[0].box[0] - 50, y: view.boxes[0].box[1] };
  let best = null, least = Infinity;
  for (const node of view.nodes) {
    const ahead = (node.x - from.x) * dx + (node.y - from.y) * dy, aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
    if (ahead > 5 && ahead + 2.5 * aside < least && node.id !== S.sel) { least = ahead + 2.5 * aside; best = node.id; }
  }
  if (best === null) return;
  S.sel = best;
  S.mode = 'around';
  refresh();
  showBar();
  bringIntoSight();
  showPanel(false);
  setHash();
}

// --- filters
function toggleFilters(open = $('filters').hidden) {
  const box = $('filters');
  box.hidden = !open;
  $('filter-button')?.setAttribute('aria-expanded', String(open));
  if (open) { showFilters(); box.querySelector('input,select,button').focus(); } else $('filter-button')?.focus();
}
const isFiltered = () => S.minScore > 0 || S.onlyDeps || S.offSources.size + S.offRelations.size > 0;
function showFilters() {
  const check = (set, at, text) => el('label', {}, el('input', { type: 'checkbox', checked: !set.has(at), onchange: event => { if (event.target.checked) set.delete(at); else set.add(at); recount(); } }), text);
  const counts = new Map();
  LINKS.forEach(link => counts.set(link.predicate, (counts.get(link.predicate) || 0) + 1));
  const relations = [...counts].sort((a, b) => b[1] - a[1]);
  $('filters').setAttribute('aria-label', t('filters'));
  $('filters').replaceChildren(...[el('h2', {}, t('filters')), el('p.small.soft', {}, t('filterLead')),
    el('h3', {}, t('minSure')), el('select', { id: 'min', 'aria-label': t('minSure'), onchange: event => { S.minScore = Number(event.target.value); recount(); } }, [...RAW.confidences].reverse().map(row => el('option', { value: row[4], selected: row[4] === S.minScore }, row[4] ? named(row) : t('all')))),
    el('h3', {}, t('layersF')), RAW.layers.map((_, at) => check(S.offLayers, at, layerName(at))),
    el('h3', {}, t('sources')), RAW.sources.map((row, at) => check(S.offSources, at, `${row[0]} – ${row[1]}`)),
    el('h3', {}, t('relationsF')), el('label', {}, el('input', { type: 'checkbox', id: 'deps', checked: S.onlyDeps, onchange: event => { S.onlyDeps = event.target.checked; recount(); } }), t('onlyDeps')),
    el('div.scroll', {}, relations.map(([predicate, n]) => check(S.offRelations, predicate, `${named([0, RAW.predicates[predicate][2], RAW.predicates[predicate][3]])} (${n})`))),
    el('p.modes', {}, el('button.b', { type: 'button', onclick: () => { S.minScore = 0; S.onlyDeps = false; for (const set of [S.offSources, S.offRelations, S.offLayers]) set.clear(); recount(); showFilters(); } }, t('reset')), el('button.b', { type: 'button', onclick: () => toggleFilters(false) }, t('close')))].flat());
}
/** After a filter or the date changed: everything is worked out anew. */
function recount() {
  forget();
  if (view !== OVERVIEW) setView(); else refresh();
  showChips();
  showBar();
  showPanel(true);
  showLists();
  showDay();
  showTools();
}
function showChips() {
  const onMap = OVERVIEW.nodes.reduce((count, node) => { const layer = ENTITIES[node.id].layer; count[layer] = (count[layer] || 0) + 1; return count; }, {});
  $('chips').replaceChildren(...RAW.layers.map((_, layer) => el('button.chip', { type: 'button', color: layerColor(layer), 'aria-pressed': String(!S.offLayers.has(layer)), disabled: !ENTITIES.some(e => e.layer === layer), title: onMap[layer] ? null : t('empty'), onclick: () => { if (!S.offLayers.delete(layer)) S.offLayers.add(layer); recount(); } },
    el('i'), layerName(layer), el('small', {}, String(onMap[layer] || 0)))));
}

// --- the date
const turns = [...new Set(LINKS.filter(link => link.dep).flatMap(link => [...link.sets.flat(), ...link.bars]).filter(c => CLAIMS[c].dated).flatMap(c => [CLAIMS[c].first, CLAIMS[c].last]))].filter(day => day > '0001-01-01' && day < LAST_DAY.first).map(day => day.slice(0, 7)).sort();
const months = [];
function readMonths() {
  const firsts = CLAIMS.filter(c => c.dated && c.first > '1990').map(c => c.first).concat(LAST_DAY.first).sort();
  for (let [y, m] = firsts[0].split('-').map(Number); `${y}-${String(m).padStart(2, '0')}` < LAST_DAY.first.slice(0, 7); m === 12 ? (y += 1, m = 1) : m += 1) months.push(`${y}-${String(m).padStart(2, '0')}`);
  months.push(null);
}
function setDay(index) {
  S.day = months[index] === null ? LAST_DAY : period(months[index]);
  $('day').value = index;
  recount();
}
function showDay() {
  $('day-label').textContent = `${t('asOf')} ${S.day.text}`;
  const on = link => link.dep && link.on && used(link);
  let text = t('sameAs');
  if (S.day !== LAST_DAY) {
    const then = net().links.map(on), day = S.day;
    S.day = LAST_DAY;
    forget();
    const now = net().links.map(on);
    S.day = day;
    forget();
    const opened = then.filter((open, i) => open && !now[i]).length, shut = now.filter((open, i) => open && !then[i]).length;
    if (opened + shut) text = t('changed', opened, shut);
  }
  $('day-note').textContent = text;
}
function jump(turn) {
  const at = Number($('day').value);
  const marks = [...new Set(turns.map(month => months.indexOf(month)).filter(i => i >= 0).flatMap(i => [i, i - 1, i + 1]).concat(months.length - 1, 0))].filter(i => i >= 0 && i < months.length).sort((a, b) => a - b);
  const next = turn > 0 ? marks.find(i => i > at) : [...marks].reverse().find(i => i < at);
  if (next !== undefined) setDay(next);
}
function showDates() {
  const last = months.length - 1, at = S.day === LAST_DAY ? last : months.indexOf(S.day.text);
  const ticks = [...new Set(turns)].map(month => months.indexOf(month)).filter(i => i >= 0).map(i => { const tick = el('i', { title: months[i] }); tick.style.left = `${(i / Math.max(1, last)) * 100}%`; return tick; });
  let timer;
  $('dates').replaceChildren(el('label', { for: 'day', id: 'day-label' }), el('button.b', { type: 'button', 'aria-label': t('earlier'), title: t('earlier'), onclick: () => jump(-1) }, '◀'),
    el('span.small.soft.year', {}, (months[0] || '').slice(0, 4)), el('span.track', {}, el('input', { type: 'range', id: 'day', min: 0, max: last, value: at, 'aria-labelledby': 'day-label', oninput: event => { const i = Number(event.target.value); $('day-label').textContent = `${t('asOf')} ${months[i] || LAST_DAY.text}`; clearTimeout(timer); timer = setTimeout(() => setDay(i), 90); } }), el('span.ticks', { 'aria-hidden': 'true' }, ticks)),
    el('button.b', { type: 'button', 'aria-label': t('later'), title: t('later'), onclick: () => jump(1) }, '▶'), el('output', { id: 'day-note', for: 'day' }));
  showDay();
}

// --- frame: tabs, tools, language, theme
function show(which) {
  S.view = which;
  stage.dataset.view = which;
  lists.hidden = which !== 'list';
  $('stage').hidden = which === 'list';
  showTabs();
  showLists();
  if (which === 'map' && graph) { graph.setSize('100%', '100%'); graph.redraw(); if (!moved) fit(false); }
}
function showTabs() {
  const tab = (key, word) => el('button.b', { type: 'button', role: 'tab', id: `tab-${key}`, 'aria-selected': String(S.view === key), 'aria-controls': { map: 'stage', list: 'lists', panel: 'panel' }[key], onclick: () => show(key) }, t(word));
  $('tabs').setAttribute('role', 'tablist');
  $('tabs').replaceChildren(tab('map', 'map'), ...(narrow() ? [tab('panel', 'details')] : []), tab('list', 'list'));
}
function showTools() {
  const b = (id, word, run, more) => el(`button.b${more && more.wide ? '.wide' : ''}`, { type: 'button', id, onclick: run, ...(more && more.props) }, word);
  $('tools').replaceChildren(
    b('filter-button', isFiltered() ? t('active') : t('filters'), () => toggleFilters(), { props: { 'aria-expanded': String(!$('filters').hidden), 'aria-pressed': String(isFiltered()) } }), b('fit', t('fit'), () => fit(), { wide: true }),
    b('png', t('png'), savePng, { wide: true }), b('svg', t('svg'), saveSvg, { wide: true }), b('print', t('print'), () => window.print(), { wide: true }), b('lang', t('other'), () => setLanguage(zh() ? 'en' : 'zh'), { props: { lang: zh() ? 'en' : 'zh' } }),
    b('theme', '◐', () => setTheme(S.theme === 'dark' ? 'light' : 'dark'), { props: { 'aria-label': t('theme'), title: t('theme') } }));
}
function setTheme(theme) {
  S.theme = theme;
  document.documentElement.dataset.theme = theme;
  if (!graph) return;
  readPalette();
  cards.clear();
  drawnEdges.clear();
  refresh();
}
function setLanguage(lang) {
  S.lang = lang;
  document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
  document.title = $('title').textContent = lang === 'zh' ? RAW.titleZh : RAW.title;
  document.querySelectorAll('[data-t]').forEach(node => { node.textContent = t(node.dataset.t); });
  $('q').placeholder = t('find');
  $('q').setAttribute('aria-label', t('find'));
  $('size').textContent = t('size', ENTITIES.length, CLAIMS.length, OVERVIEW.nodes.length);
  cards.clear();
  if (S.only && graph) setView();
  showTools();
  showTabs();
  showChips();
  showDates();
  showBar();
  showPanel(true);
  showLists();
  if (!$('filters').hidden) showFilters();
  if (graph) graph.redraw();
}

function start() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  setTheme(dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', event => setTheme(event.matches ? 'dark' : 'light'));
  readMonths();
  stage.dataset.view = 'map';
  startMap();
  setLanguage(RAW.lang);
  addEventListener('keydown', onKey);
  addEventListener('hashchange', readHash);
  addEventListener('resize', () => { if ((S.view === 'panel') && !narrow()) show('map'); else showTabs(); });
  $('q').addEventListener('input', showHits);
  $('q').addEventListener('blur', closeHits);
  $('q').addEventListener('focus', () => { if ($('q').value) showHits(); });
  if (!readHash() && STORY.kind === 'around') select(STORY.focus, RAW.mode);
  else if (narrow() && STORY.kind !== 'around' && S.sel === null) show(STORY.kind === 'whole' ? 'panel' : 'panel');
}
start();
// For tests and for whoever scripts the page.
window.agikg = { state: S, entities: ENTITIES, claims: CLAIMS, links: LINKS, net, reach, stops, outage, select: id => select(ENTITIES.find(e => e.id === id).at), setMode, setDay: text => { S.day = text ? period(text) : LAST_DAY; const at = months.indexOf(text); $('day').value = at < 0 ? months.length - 1 : at; recount(); }, recount, search, mapSvg, fit, graph: () => graph };
