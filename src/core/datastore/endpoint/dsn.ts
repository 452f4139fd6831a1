import type { TextRange } from '../../base/text';
import { datastoreOfScheme } from '../registry';
import type { DatastoreType } from '../kind';

/** Which datastore K3s picks for an endpoint's scheme. */
type EndpointDriver = DatastoreType | 'other';

interface EndpointAddress {
  /** Name or address without port and brackets. */
  readonly host: string;
  readonly port?: number;
  /** The host inside the endpoint text, without port and brackets. */
  readonly range: TextRange;
}

/** A `datastore-endpoint` taken apart; ranges are offsets in its text. */
export interface DatastoreEndpoint {
  /** `undefined` when K3s does not know the scheme, or there is none. */
  readonly driver: EndpointDriver | undefined;
  readonly scheme: string | undefined;
  readonly addresses: readonly EndpointAddress[];
  /** A Unix socket, or a short form for which K3s fills in the local machine. */
  readonly local: boolean;
  readonly password?: TextRange;
  readonly mysql?: MysqlAddress;
}

/** The part of a MySQL DSN between the credentials and the database name. */
export interface MysqlAddress {
  /** `tcp`, `unix`, empty, or whatever was written instead. */
  readonly network: string;
  /** Where `network(address)` stands. */
  readonly range: TextRange;
  /** Whether the `/` before the database name is there. */
  readonly hasDatabaseSlash: boolean;
}

// A reference may hold any character of a DSN; a stand-in of the same length keeps the offsets right.
const REFERENCE_CHAR = '\uFFFC';

/** The endpoint with a stand-in for each reference; offsets stay as they are. */
export function hideReferences(endpoint: string): string {
  return endpoint.replace(/\$\{[^}]*\}/g, (reference) => REFERENCE_CHAR.repeat(reference.length));
}

/** Whether a parsed piece comes from a `${…}` reference and so cannot be judged. */
export function holdsReference(piece: string): boolean {
  return piece.includes(REFERENCE_CHAR);
}

/** Schemes of drivers that K3s has and this product does not deal with. */
const OTHER_SCHEMES: readonly string[] = ['litestream', 'memory', 't4'];

function driverOf(scheme: string): EndpointDriver | undefined {
  return datastoreOfScheme(scheme)?.type ?? (OTHER_SCHEMES.includes(scheme) ? 'other' : undefined);
}

/** Reads an endpoint as K3s (kine and its drivers) would; never fails. */
export function parseDatastoreEndpoint(endpoint: string): DatastoreEndpoint {
  const text = hideReferences(endpoint);
  const separator = text.indexOf('://');
  const scheme = separator < 0 ? undefined : text.slice(0, separator).trim().toLowerCase();
  const driver = scheme === undefined ? undefined : driverOf(scheme);
  const start = separator < 0 ? 0 : separator + 3;
  if (driver === 'mysql') return { driver, scheme, ...parseMysql(text, start) };
  if (driver === 'postgres') return { driver, scheme, ...parsePostgres(text, start) };
  if (driver === 'etcd' || driver === 'nats') return { driver, scheme, ...parseUrlList(text) };
  return { driver, scheme, addresses: [], local: false };
}

/** `[user[:password]@][network[(address)]]/database[?parameters]`, split at the last `/` and the last `@` before it as go-sql-driver does. */
function parseMysql(text: string, start: number): Omit<DatastoreEndpoint, 'driver' | 'scheme'> {
  const slash = text.lastIndexOf('/');
  const hasDatabaseSlash = slash >= start;
  const query = text.indexOf('?', start);
  const end = hasDatabaseSlash ? slash : query < 0 ? text.length : query;
  const at = text.lastIndexOf('@', end);
  const credentials = at >= start;
  const from = credentials ? at + 1 : start;
  const open = text.indexOf('(', from);
  const hasAddress = open >= 0 && open < end;
  const network = text.slice(from, hasAddress ? open : end);
  const close = hasAddress && text[end - 1] === ')' ? end - 1 : end;
  const tcp = hasAddress && (network === 'tcp' || network === '');
  const address = tcp ? hostAndPort(text, open + 1, close) : undefined;
  return {
    addresses: address === undefined ? [] : [address],
    local:
      network === 'unix' ||
      (!hasAddress && (network === '' || network === 'tcp')) ||
      (tcp && /^(?::\d*)?$/.test(text.slice(open + 1, close))),
    ...(credentials ? passwordBefore(text, start, at) : {}),
    mysql: { network, range: { start: from, end }, hasDatabaseSlash },
  };
}

function parseUrlList(text: string): Omit<DatastoreEndpoint, 'driver' | 'scheme'> {
  const addresses: EndpointAddress[] = [];
  let password: TextRange | undefined;
  let offset = 0;
  for (const part of text.split(',')) {
    const separator = part.indexOf('://');
    // Within its own text: searched in the whole one, each of many members would cost as much as all of them.
    const parsed = parseUrl(part, separator < 0 ? 0 : separator + 3, part.length);
    for (const address of parsed.addresses) addresses.push({ ...address, range: shifted(address.range, offset) });
    if (parsed.password !== undefined) password ??= shifted(parsed.password, offset);
    offset += part.length + 1;
  }
  return { addresses, local: /^unixs?:/i.test(text), ...(password === undefined ? {} : { password }) };
}

function shifted({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

function parseUrl(
  text: string,
  start: number,
  end: number,
  withoutCredentials = false,
): { addresses: readonly EndpointAddress[]; local: boolean; password?: TextRange } {
  const query = text.indexOf('?', start);
  const body = query >= 0 && query < end ? query : end;
  const at = withoutCredentials ? -1 : text.lastIndexOf('@', body - 1);
  const from = at >= start ? at + 1 : start;
  const slash = text.indexOf('/', from);
  const until = slash >= 0 && slash < body ? slash : body;
  const addresses: EndpointAddress[] = [];
  let offset = from;
  for (const part of text.slice(from, until).split(',')) {
    const address = hostAndPort(text, offset, offset + part.length);
    if (address !== undefined) addresses.push(address);
    offset += part.length + 1;
  }
  return { addresses, local: false, ...(at >= start ? passwordBefore(text, start, at) : {}) };
}

function parsePostgres(text: string, start: number): Omit<DatastoreEndpoint, 'driver' | 'scheme'> {
  const at = endOfCredentials(text, start);
  const parsed = parseUrl(text, at === undefined ? start : at + 1, text.length, true);
  return {
    ...parsed,
    local: isLocalPostgres(text, parsed.addresses),
    ...(at === undefined ? {} : passwordBefore(text, start, at)),
  };
}

/** Without a host the PostgreSQL driver uses the local machine, unless `host=` names another. */
function isLocalPostgres(text: string, addresses: readonly EndpointAddress[]): boolean {
  const host = /[?&]host=([^&]*)/.exec(text)?.[1];
  return host === undefined ? addresses.length === 0 : /^(\/|%2f|localhost$|127\.)/i.test(host);
}

/**
 * Where the `@` after user and password of a PostgreSQL URL stands as a person means it: for a URL parser a `/`, `?` or `#`
 * in the password ends them before. `undefined` without credentials; `start` is behind `://`.
 */
export function endOfCredentials(text: string, start: number): number | undefined {
  const end = indexOrEnd(text, /[?#]/, start);
  const slash = indexOrEnd(text, /[/?#]/, start);
  const head = text.slice(start, slash);
  // Go takes whatever stands in front of a port for the host.
  const isHost = /(?::\d*|^[^:]*|\])$/.test(head.slice(head.lastIndexOf('@') + 1));
  const at = text.lastIndexOf('@', end - 1);
  if (at < start)
    return text.indexOf('@', end) >= 0 && head.includes(':') && !isHost ? text.lastIndexOf('@') : undefined;
  if (at < slash) return at;
  // A database may be called a@b; credentials are followed by a host and one more slash.
  if (head.includes(':') && (!isHost || /^[^/]+\//.test(text.slice(at + 1, end)))) return at;
  const inside = text.lastIndexOf('@', slash - 1);
  return inside < start ? undefined : inside;
}

function indexOrEnd(text: string, pattern: RegExp, start: number): number {
  const found = text.slice(start).search(pattern);
  return found < 0 ? text.length : start + found;
}

function passwordBefore(text: string, start: number, at: number): { password?: TextRange } {
  const colon = text.indexOf(':', start);
  return colon >= 0 && colon + 1 < at ? { password: { start: colon + 1, end: at } } : {};
}

function hostAndPort(text: string, start: number, end: number): EndpointAddress | undefined {
  const part = text.slice(start, end);
  const match = /^\[([^\]]*)\](?::(\d+))?$/.exec(part) ?? /^([^:[\]]*)(?::(\d+))?$/.exec(part);
  const host = match?.[1] ?? '';
  if (host === '') return undefined;
  const hostStart = start + (part.startsWith('[') ? 1 : 0);
  const port = match?.[2];
  return {
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
    range: { start: hostStart, end: hostStart + host.length },
  };
}
