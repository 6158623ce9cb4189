// The facts decoded, and which of them count now. Mirrors agikg/explore/facts.py.
async function unpack(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), byte => byte.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text());
}
if (!window.DecompressionStream) {
  const note = document.createElement('p');
  note.className = 'noscript';
  note.textContent = 'This browser is too old for this page: it cannot unpack data (it takes one from 2023 or later). “agikg show” and “agikg claims” have the same facts as text.';
  document.body.append(note);
}
const [RAW, NET] = await Promise.all([unpack('facts'), unpack('network')]);
const ROLE = { none: 0, supporting: 1, alternative: 2, essential: 3 };

const S = {
  lang: RAW.lang, theme: null, view: 'map', focus: null, sel: null, mode: 'around', only: false,
  day: null, minScore: 0, offSources: new Set(), offRelations: new Set(), offLayers: new Set(), onlyDeps: false,
};
const t = (key, ...rest) => { const word = WORDS[S.lang][key]; return typeof word === 'function' ? word(...rest) : word; };
const zh = () => S.lang === 'zh';
const named = row => (zh() && row[2]) || row[1];

const ENTITIES = RAW.entities.map((row, at) => {
  const aliases = Array.isArray(row[5]) ? row[5] : [];
  return { at, id: row[0], en: row[1], zh: row[2] || '', kind: row[3], layer: row[4], aliases, unnamed: row[row.length - 1] === 1 && row.length === 7, claims: [], links: [] };
});
const CLAIMS = RAW.claims.map((row, at) => {
  const more = row.length > 9 ? row[9] : {};
  const source = RAW.sources[row[5]];
  const [first, last] = more.d || [0, 0];
  return {
    at, id: more.I ? row[0] : `c:${source[0]}.${row[0]}`, subject: row[1], predicate: row[2], object: typeof row[3] === 'number' ? row[3] : null,
    text: typeof row[3] === 'string' ? row[3] : null, modality: row[4], source: row[5], locator: row[6], statement: row[7], score: row[8],
    first: first || '0001-01-01', last: last || '9999-12-31', dated: Boolean(more.d), published: more.P || source[4], origin: more.O || source[0], more,
  };
});
const LINKS = RAW.links.map((row, at) => {
  const role = row[5];
  const dep = role > 0;
  const owner = dep ? RAW.groups[row[6]][0] : row[0];
  const other = dep && owner === row[2] && owner !== row[0] ? row[0] : row[2];
  return { at, subject: row[0], predicate: row[1], object: row[2], sets: row[3], bars: row[4], role, dep, group: dep ? row[6] : -1, from: owner, to: other };
});
for (const claim of CLAIMS) {
  // Whose statement it is, and those whom a control is aimed at, are about as well.
  for (const at of new Set([claim.subject, claim.object, claim.more.Y, ...(claim.more.Z || [])])) if (typeof at === 'number') ENTITIES[at].claims.push(claim.at);
}
for (const link of LINKS) {
  ENTITIES[link.from].links.push(link.at);
  if (link.to !== link.from) ENTITIES[link.to].links.push(link.at);
}
const name = at => (zh() && ENTITIES[at].zh) || ENTITIES[at].en;
const layerName = layer => { const word = named(RAW.layers[layer]); return word[0].toUpperCase() + word.slice(1); };
const reads = (link, from) => {
  const row = RAW.predicates[link.predicate];
  const forward = from === link.subject;
  return forward ? (zh() && row[3]) || row[2] : (zh() && row[5]) || row[4] || row[2];
};
const sureWord = score => RAW.confidences.findIndex(row => score >= row[4] - 1e-9);
const sureLevel = score => RAW.confidences.length - sureWord(score);
const contested = at => ENTITIES[at].claims.some(c => (CLAIMS[c].more.x || CLAIMS[c].more.X) && alive(CLAIMS[c]));

// --- dates: coarse ones are periods, as in agikg/dates.py
const lastDay = (y, m) => new Date(Date.UTC(y, m, 0)).getUTCDate();
function period(text) {
  const [y, m, d] = text.split('-');
  if (d) return { text, first: text, last: text };
  if (m) return { text, first: `${y}-${m}-01`, last: `${y}-${m}-${String(lastDay(+y, +m)).padStart(2, '0')}` };
  return { text, first: `${y}-01-01`, last: `${y}-12-31` };
}
const LAST_DAY = { text: RAW.asOf[0], first: RAW.asOf[1], last: RAW.asOf[2] };
S.day = LAST_DAY;

// --- what counts
const alive = claim => claim.score >= S.minScore && !S.offSources.has(claim.source);
const holds = claim => alive(claim) && claim.first <= S.day.last && claim.last >= S.day.first;
const said = claim => alive(claim) && claim.first <= S.day.last;
const saidOf = at => ENTITIES[at].claims.filter(c => said(CLAIMS[c]));
