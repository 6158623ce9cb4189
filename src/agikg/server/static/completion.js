// What may stand at the cursor of a SPARQL text: variables, keywords, prefixes, terms of the ontology, names of entities.
import { api } from './dom.js';
import { tokens, variables, WORDS } from './sparql.js';

let vocabulary = null;
/** The ontology's terms and the known prefixes; asked for once. */
export function terms() {
  vocabulary ??= api('vocabulary').catch(error => { vocabulary = null; throw error; });
  return vocabulary;
}

const MOST = 40;
const WORD = /[\p{L}\p{N}_:.?$-]+$/u;

/** The stretch before the cursor that a completion would replace; null inside strings, comments and IRIs. */
export function stretch(text, cursor) {
  const inside = tokens(text).find(token => token.start < cursor && cursor <= token.end && ['string', 'comment', 'iri'].includes(token.kind));
  if (inside && !(inside.end === cursor && inside.kind !== 'comment')) return null;
  const match = WORD.exec(text.slice(0, cursor));
  return match ? { start: cursor - match[0].length, end: cursor, text: match[0] } : { start: cursor, end: cursor, text: '' };
}

/** Suggestions for a stretch: { insert, about, kind }, best first. */
export async function suggestions(text, at) {
  const typed = at.text, { terms: all, prefixes } = await terms();
  if (/^[?$]/.test(typed)) {
    const others = variables(text.slice(0, at.start) + text.slice(at.end));
    return others.filter(name => name.startsWith(typed) && name !== typed).map(insert => ({ insert, about: 'variable', kind: 'variable' }));
  }
  const [prefix, local] = typed.includes(':') ? [typed.slice(0, typed.indexOf(':')), typed.slice(typed.indexOf(':') + 1)] : [null, typed];
  const wanted = local.toLowerCase();
  if (!typed) return starters();
  const found = [];
  if (prefix === null || prefix === 'agi') found.push(...ofVocabulary(all, wanted, prefix === 'agi'));
  if (prefix === null) {
    found.push(...WORDS.filter(word => word.toLowerCase().startsWith(wanted)).map(word => ({ insert: word, about: 'keyword', kind: 'keyword', rank: word.length === wanted.length ? 3 : 1 })));
    found.push(...Object.keys(prefixes).filter(name => name.startsWith(wanted)).map(name => ({ insert: `${name}:`, about: prefixes[name], kind: 'prefix', rank: 2 })));
  }
  if ((prefix === null && wanted.length > 1) || (prefix === 'e' && wanted)) found.push(...await ofEntities(local));
  return found.sort((a, b) => a.rank - b.rank).slice(0, MOST);
}

function ofVocabulary(all, wanted, whole) {
  const rows = [];
  for (const term of all) {
    const name = term.id.slice(term.id.indexOf(':') + 1).toLowerCase();
    const label = term.label.toLowerCase(), zh = term.label_zh || '';
    const begins = name.startsWith(wanted) || label.startsWith(wanted) || zh.startsWith(wanted);
    const within = wanted.length > 2 && (name.includes(wanted) || label.includes(wanted)) || (wanted && zh.includes(wanted));
    if (begins || within || (whole && !wanted)) rows.push({ insert: term.id, about: [term.label, term.label_zh, term.kind].filter(Boolean).join(' · '), kind: term.kind, rank: begins ? 0 : 4 });
  }
  return rows;
}

async function ofEntities(text) {
  // A slug has hyphens where a name has spaces.
  const hits = await api(`names?limit=12&text=${encodeURIComponent(text.replaceAll('-', ' '))}`).catch(() => []);
  return hits.map(hit => ({ insert: hit.id, about: [hit.label, hit.label_zh].filter(Boolean).join(' '), kind: 'entity', rank: hit.score >= 0.75 ? 1.5 : 5 }));
}

const starters = () => ['SELECT', 'WHERE', 'OPTIONAL', 'FILTER', 'VALUES', 'GROUP BY', 'ORDER BY', 'LIMIT'].map(insert => ({ insert, about: 'keyword', kind: 'keyword' }));
