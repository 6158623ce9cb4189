// Small helpers of all pages. Text enters a page as text only: nothing here takes markup.

/** An element: el('li.row', { id: 'x', onclick: f }, 'text', child, [more]). */
export function el(spec, properties = {}, ...children) {
  const [tag, ...classes] = spec.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
  return node;
}

export const $ = id => document.getElementById(id);

/** JSON of this server's API; throws with the server's message and hint. */
export async function api(path, options = {}) {
  const reply = await fetch(`/api/${path}`, { headers: { Accept: 'application/json', ...options.headers }, ...options });
  const data = await reply.json().catch(() => null);
  if (!reply.ok) throw failure(data, reply);
  return data;
}

/** The server's own words for what went wrong. */
export function failure(data, reply) {
  const told = data && data.error;
  const error = new Error(told ? told.message : `the server answered ${reply.status} ${reply.statusText}`);
  error.hint = (told && told.hint) || '';
  error.status = reply.status;
  return error;
}

export function later(run, milliseconds) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => run(...given), milliseconds); };
}

/** Where this server shows an identifier; null for anything that is not the graph's own or a web address. */
const PLACES = { e: '', c: 'claim/', p: 'passage/', r: 'requirement/', s: 'source/', sec: 'section/', d: 'derivation/', q: 'quantity/', g: 'graph/' };
const ID = 'https://w3id.org/agikg/id/', ONTOLOGY = 'https://w3id.org/agikg/ontology#';
export function shortName(iri) {
  if (iri.startsWith(ONTOLOGY)) return `agi:${iri.slice(ONTOLOGY.length)}`;
  if (!iri.startsWith(ID)) return iri;
  const rest = iri.slice(ID.length);
  const found = Object.entries(PLACES).find(([, folder]) => folder && rest.startsWith(folder));
  return found ? `${found[0]}:${rest.slice(found[1].length)}` : `e:${rest}`;
}
export function localAddress(iri) {
  if (iri.startsWith(ONTOLOGY)) return `/ontology#${encodeURIComponent(iri.slice(ONTOLOGY.length))}`;
  if (iri.startsWith(ID)) return `/id/${iri.slice(ID.length).split('/').map(encodeURIComponent).join('/')}`;
  return /^https?:\/\//i.test(iri) ? iri : null;
}

export const remember = {
  get(key, fallback) { try { return JSON.parse(localStorage.getItem(`agikg-${key}`)) ?? fallback; } catch { return fallback; } },
  set(key, value) { try { localStorage.setItem(`agikg-${key}`, JSON.stringify(value)); } catch { /* full, or not allowed: then it is forgotten */ } },
};
