// The tokens of SPARQL 1.1, as far as colours, completion and PREFIX lines need them. Knows text only.

const KEYWORDS = `BASE PREFIX SELECT DISTINCT REDUCED AS CONSTRUCT WHERE DESCRIBE ASK FROM NAMED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES UNDEF
OPTIONAL GRAPH UNION FILTER MINUS BIND SERVICE SILENT NOT EXISTS IN TRUE FALSE A`.split(/\s+/);
const FUNCTIONS = `COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF
STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE`.split(/\s+/);
export const WORDS = [...KEYWORDS.filter(word => word.length > 1), ...FUNCTIONS];
const KNOWN = new Set([...KEYWORDS, ...FUNCTIONS]);

// In this order: what begins a string, an IRI or a comment hides everything inside it.
const RULES = [
  ['space', /\s+/y],
  ['comment', /#[^\n\r]*/y],
  ['string', /"""(?:"{0,2}(?:[^"\\]|\\[\s\S]))*"""|'''(?:'{0,2}(?:[^'\\]|\\[\s\S]))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'/y],
  ['iri', /<[^<>"{}|^`\\\u0000-\u0020]*>/y],
  ['variable', /[?$][\p{L}\p{N}_]+/uy],
  ['tag', /@[A-Za-z]+(?:-[A-Za-z0-9]+)*/y],
  ['name', /(?:[\p{L}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:(?:[\p{L}\p{N}_:]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%])(?:(?:[\p{L}\p{N}_:.-]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%])*(?:[\p{L}\p{N}_:-]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?#@%]))?)?|_:[\p{L}\p{N}_]+/uy],
  ['number', /(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_-]*/uy],
  ['mark', /[\s\S]/uy],
];

/** Tokens with kind, text and place; nothing of the text is left out. A keyword is its own kind. */
export function tokens(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    for (const [kind, rule] of RULES) {
      rule.lastIndex = at;
      const match = rule.exec(text);
      if (!match || !match[0]) continue;
      const word = kind === 'word' && KNOWN.has(match[0].toUpperCase()) && (match[0] !== 'A');
      found.push({ kind: word ? 'keyword' : kind, text: match[0], start: at, end: at + match[0].length });
      at += match[0].length;
      break;
    }
  }
  return found;
}

/** Variables of a query, each once. */
export const variables = text => [...new Set(tokens(text).filter(token => token.kind === 'variable').map(token => token.text))];

/** Prefixes that a query uses and does not declare. */
export function undeclared(text) {
  const found = tokens(text).filter(token => token.kind !== 'space' && token.kind !== 'comment');
  const declared = new Set(), used = new Set();
  found.forEach((token, index) => {
    if (token.kind !== 'name' || token.text.startsWith('_:')) return;
    const before = found[index - 1];
    const prefix = token.text.slice(0, token.text.indexOf(':'));
    if (before && before.kind === 'keyword' && before.text.toUpperCase() === 'PREFIX') declared.add(prefix);
    else used.add(prefix);
  });
  return [...used].filter(prefix => !declared.has(prefix));
}

/** The text with PREFIX lines for known prefixes in front; how many characters that adds. */
export function withPrefixes(text, known) {
  const lines = undeclared(text).filter(prefix => known[prefix]).map(prefix => `PREFIX ${prefix}: <${known[prefix]}>\n`).join('');
  return { text: lines + text, added: lines.length };
}

/** SELECT, ASK, CONSTRUCT or DESCRIBE. */
export function form(text) {
  const found = tokens(text).find(token => token.kind === 'keyword' && ['SELECT', 'ASK', 'CONSTRUCT', 'DESCRIBE'].includes(token.text.toUpperCase()));
  return found ? found.text.toUpperCase() : null;
}
