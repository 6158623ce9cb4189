// The same facts as tables: for screen readers, small screens, and whoever prefers text. Rows are made when asked for.
const lists = document.getElementById('lists');
let listKind = 'entities', listSort = null, listShown = 120, listFind = '';

const LISTS = {
  entities: {
    columns: ['name', 'layer', 'kind', 'stops', 'dependents', 'dependencies', 'claims'],
    rows: () => ENTITIES.filter(e => !S.offLayers.has(e.layer) && e.claims.some(c => alive(CLAIMS[c]))).map(e => {
      const other = zh() ? e.en : e.zh;
      const ups = net().needed[e.at].length ? reach(e.at, true).filter(i => i.open).length : 0, downs = net().needs[e.at].length ? reach(e.at, false).filter(i => i.open).length : 0;
      return { sort: [name(e.at), e.layer, named(RAW.classes[e.kind]), (stops().get(e.at) || []).length, ups, downs, saidOf(e.at).length], cells: () => [[nameButton(e.at), other ? el('span.soft', {}, ` ${other}`) : ''], layerName(e.layer), null, null, null, null, null], text: `${e.en} ${e.zh} ${e.aliases.join(' ')}` };
    }),
    first: (a, b) => b.sort[3] - a.sort[3] || b.sort[4] - a.sort[4] || b.sort[6] - a.sort[6],
  },
  links: {
    columns: ['from', 'relation', 'to', 'state', 'sure', 'evidence'],
    rows: () => net().links.filter(l => l.on && !(S.onlyDeps && !l.dep) && ![l.from, l.to].some(at => S.offLayers.has(ENTITIES[at].layer))).map(l => {
      const state = !l.dep ? '' : l.barred ? t('barred') : !l.inUse ? t('possible') : `${t('inUse')}, ${t(necessity(l))}`;
      return { sort: [name(l.from), reads(l, l.from), name(l.to), state, l.score, claimsOf(l).length], cells: () => [nameButton(l.from), null, nameButton(l.to), null, sure(l.score), why([...claimsOf(l), ...l.bars])], text: `${name(l.from)} ${reads(l, l.from)} ${name(l.to)} ${state}`, dep: l.dep };
    }),
    first: (a, b) => b.dep - a.dep,
  },
  claimTable: {
    columns: ['name', 'statement', 'modality', 'where', 'sure'],
    rows: () => CLAIMS.filter(said).map(c => ({ sort: [name(c.subject), c.statement, named(RAW.modalities[c.modality]), `${RAW.sources[c.source][0]}, ${c.locator}`, c.score], cells: () => [nameButton(c.subject), [c.statement, ' ', el('code.soft', {}, c.id)], [named(RAW.modalities[c.modality]), c.more.y ? t('by', c.more.y) : ''], `${RAW.sources[c.source][0]}, ${c.locator} · ${c.published}`, sure(c.score)], text: `${name(c.subject)} ${c.statement} ${c.id}` })),
    first: () => 0,
  },
};

function showLists() {
  if (lists.hidden) return;
  const kind = LISTS[listKind];
  const find = listFind.toLowerCase();
  const rows = kind.rows().filter(row => !find || row.text.toLowerCase().includes(find));
  rows.sort(listSort === null ? kind.first : (a, b) => (a.sort[listSort.at] < b.sort[listSort.at] ? -1 : a.sort[listSort.at] > b.sort[listSort.at] ? 1 : 0) * listSort.turn);
  const head = kind.columns.map((key, at) => el('th', { scope: 'col', 'aria-sort': listSort && listSort.at === at ? (listSort.turn > 0 ? 'ascending' : 'descending') : 'none' },
    el('button', { type: 'button', onclick: () => { listSort = { at, turn: listSort && listSort.at === at ? -listSort.turn : typeof (rows[0] || { sort: [] }).sort[at] === 'number' ? -1 : 1 }; showLists(); } }, t(key), listSort && listSort.at === at ? (listSort.turn > 0 ? ' ↑' : ' ↓') : '')));
  const body = rows.slice(0, listShown).map(row => el('tr', {}, row.cells().map((cell, at) => el(at ? 'td' : 'th', { scope: at ? null : 'row', 'data-k': t(kind.columns[at]) }, cell === null ? String(row.sort[at]) : cell))));
  const more = rows.length > listShown ? el('button.b', { type: 'button', onclick: () => { listShown += 300; showLists(); } }, t('more', Math.min(300, rows.length - listShown))) : '';
  const table = el('div.wrap', {}, el('table', {}, el('caption', {}, `${t(listKind)}: ${rows.length}`), el('thead', {}, el('tr', {}, head)), el('tbody', {}, body)), more);
  const old = lists.querySelector('.wrap');
  if (old && lists.dataset.kind === listKind + S.lang) { old.replaceWith(table); return; }
  lists.dataset.kind = listKind + S.lang;
  const pick = key => el('button.b', { type: 'button', 'aria-pressed': String(key === listKind), onclick: () => { listKind = key; listSort = null; listShown = 120; showLists(); } }, t(key));
  const input = el('input.b', { type: 'search', value: listFind, placeholder: t('filterRows'), 'aria-label': t('filterRows'), oninput: event => { listFind = event.target.value; listShown = 120; showLists(); } });
  lists.replaceChildren(el('h2', {}, t('list')), el('p.soft', {}, t('listLead')), el('div.modes', {}, Object.keys(LISTS).map(pick), input), table);
}
