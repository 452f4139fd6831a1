import type { TextRange } from '../../base/text';
import { cidrContains, parseCidr } from '../../k3s/cidr';
import { listReferences } from '../../cluster/references';
import { misspeltReferences } from './misspeltReferences';

/** Stands where a fix cannot know an address; reserved for examples, so it never reaches a real machine. */
export const PLACEHOLDER_ADDRESS = 'k3s.example.com';

/** The same for a database. */
export const PLACEHOLDER_DATABASE = 'db.example.com';

/** What stands in a value for something that only its author knows. */
export interface Placeholder {
  /** As it is written. */
  readonly text: string;
  readonly range: TextRange;
  /** `reserved`: a name or an address that belongs to examples. */
  readonly kind: 'variable' | 'template' | 'word' | 'password' | 'reserved';
}

// Once for a whole text, so that a file without any of it costs one search.
const ANY =
  /[$<>]|\{\{|\{%|your|replace|change_?me|fixme|fill|placeholder|insert|xx|\.x|example|host|ip|\.invalid|myserver|address|domain|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:0?db8:|passw|secret/i;

const PATTERNS: readonly (readonly [kind: Placeholder['kind'], pattern: RegExp])[] = [
  ['template', /\$?\{\{.*?\}\}|\{%.*?%\}/g],
  [
    'variable',
    /\$\{[A-Za-z_][\w.]*(?:(?::?[-=?+]|[#%/^,[])[^}]*)?\}|\$\([^()]*\)|(?<![\w$\\])\$[A-Z][A-Z0-9_]+\b|^\$[A-Za-z_]\w*$/g,
  ],
  ['word', /<[A-Za-z][^<>\n]{0,60}>/g],
  [
    'word',
    /(?<![A-Za-z])your(?:[-_ .]\w[\w.-]*|(?:ip|host|server|domain|token|secret|password|user|cluster|registry|database|vip|lb)\w*(?:\.\w+)*)/gi,
  ],
  [
    'word',
    /(?<![A-Za-z])(?:replace[-_ ]?(?:me|with|this)[\w-]*|change[-_]?me|fix[-_]?me|fill[-_ ]?(?:me|in)|placeholder|insert[-_]\w+)(?![A-Za-z])/gi,
  ],
  [
    'word',
    /(?<![\w.])(?:x{2,3}(?:\.(?:x{1,3}|\d{1,3})){2,3}|\d{1,3}(?:\.(?:\d{1,3}|[xX]{1,3})){2}\.[xX]{1,3}|x\.x\.x\.x)(?![\w.])/gi,
  ],
];

/** The patterns that no value has by itself; a word may be a token or a password that works, and is told as a weak one. */
const MARKED = 3;
const WORD_KEY = /token$|^(?:password|sudoPassword|passphrase)$/i;

/** Keys whose values name machines: a single word or a reserved name in the value of another key may be meant. */
const HOST_KEY =
  /^(?:host|address|tlsServerName|server|node-ip|node-external-ip|advertise-address|bind-address|tls-san|endpoint|datastore-endpoint|etcd-s3-endpoint|system-default-registry|scriptUrl|proxyJump|K3S_URL|K3S_DATASTORE_ENDPOINT|https?_proxy)$/i;
const HOST = /[0-9a-f]*(?::[0-9a-f]*){2,}[0-9.]*|[^\s/@(),:[\]*]+/gi;
/** What the endpoints of the documentation have where a number belongs. */
const PORT_WORD = /(?<=:)port(?=[/),]|$)/g;
const HOST_WORD =
  /^(?:hostname|ip|ip[-_]?addr(?:ess)?|(?:server|node|host|master|lb|vip|db)[-_]?\d?[-_]ip|db[-_]?host(?:name)?|fixed\.registration\.address|my\.kubernetes\.domain|myserver)$/i;
const RESERVED_NAME = /(?:^|\.)(?:example(?:\.(?:com|org|net))?|invalid)\.?$/i;
const RESERVED_NETWORKS = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'].flatMap(
  (text) => parseCidr(text) ?? [],
);
const PASSWORD_KEY = /^(?:password|sudoPassword|passphrase)$/;
const EXAMPLE_PASSWORD = /^(?:pass(?:word)?|passw0rd|secret|example|change[-_]?me|(?:my|your)[-_]?password)$/i;

/** Everything in a value that is to be filled in, in its order; `key` is the key that the value belongs to. */
export function placeholdersIn(text: string, key: string): readonly Placeholder[] {
  if (!ANY.test(text)) return [];
  const plain = hideReferences(text, key);
  const found: Placeholder[] = [];
  const add = (kind: Placeholder['kind'], part: string, start: number): void => {
    const range = { start, end: start + part.length };
    if (!found.some((other) => start < other.range.end && other.range.start < range.end))
      found.push({ text: part, range, kind });
  };
  for (const [kind, pattern] of WORD_KEY.test(key) ? PATTERNS.slice(0, MARKED) : PATTERNS)
    for (const match of plain.matchAll(pattern)) add(kind, match[0], match.index);
  if (PASSWORD_KEY.test(key) && EXAMPLE_PASSWORD.test(plain)) add('password', plain, 0);
  if (HOST_KEY.test(key)) {
    for (const match of plain.matchAll(PORT_WORD)) add('word', match[0], match.index);
    for (const match of plain.matchAll(HOST)) addHost(match[0], match.index, add);
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}

function addHost(
  word: string,
  start: number,
  add: (kind: Placeholder['kind'], part: string, start: number) => void,
): void {
  if (HOST_WORD.test(word)) add('word', word, start);
  else if (RESERVED_NAME.test(word) || RESERVED_NETWORKS.some((cidr) => cidrContains(cidr, word)))
    add('reserved', word, start);
}

/** References are filled in elsewhere, and those that are misspelt are told as such; offsets stay. */
function hideReferences(text: string, key: string): string {
  if (!text.includes('$')) return text;
  const hidden = [...listReferences(text), ...misspeltReferences(text, key)].map(({ range }) => range);
  return hidden.reduce(
    (rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end),
    text,
  );
}
