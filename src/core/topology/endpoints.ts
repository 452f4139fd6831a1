import { datastoreOfType } from '../datastore/registry';
import type { Datastore } from '../cluster/cluster';

/** One server of an external datastore as it may be shown: never with user, password or parameters. */
export interface ShownEndpoint {
  /** `host:port`; undefined when the host could not be told apart from credentials with certainty. */
  readonly address?: string;
  readonly port: number;
}

const REFERENCE = /\$\{[^}]*\}/g;
/** Also keeps anything that is not plainly a host out of the picture. */
const HOST_PORT = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

/**
 * The servers behind the datastore endpoint, at least one. Where the text is ambiguous (an unescaped `/`, `?`, `@`
 * or `,` in a password) the address is left out, because a wrong guess could show a piece of the password.
 */
export function shownEndpoints(datastore: Datastore): readonly ShownEndpoint[] {
  const fallback = { port: datastoreOfType(datastore.type).port ?? 0 };
  // References may hold '/' or ':' in their names; their place in the text is all that matters here.
  const text = (datastore.endpoint ?? '').replace(REFERENCE, 'reference');
  const hosts = datastore.type === 'mysql' ? [mysqlAddress(text)] : urlAddresses(text);
  return hosts.map((host) => {
    const match = host === undefined ? null : HOST_PORT.exec(host);
    if (match === null || match[1] === 'reference') return fallback;
    const port = match[2] === undefined ? fallback.port : Number(match[2]);
    return { address: `${match[1]}:${port}`, port };
  });
}

/** Value of a query parameter of the endpoint, e.g. the replica count of NATS. */
export function endpointParameter(datastore: Datastore, name: string): string | undefined {
  return new RegExp(`[?&]${name}=([^&,]*)`).exec(datastore.endpoint ?? '')?.[1];
}

/** As go-sql-driver reads it: the last '/' ends the address, the last '@' before it ends the credentials. */
function mysqlAddress(text: string): string | undefined {
  const rest = text.replace(/^mysql:\/\//, '');
  const left = rest.slice(0, Math.max(0, rest.lastIndexOf('/')));
  return /^tcp\(([^()]*)\)$/.exec(left.slice(left.lastIndexOf('@') + 1))?.[1];
}

/** A comma may also stand in a password, so in a list only the first piece may have credentials: no other '@' can then be theirs. */
function urlAddresses(text: string): readonly (string | undefined)[] {
  const pieces = text.split(',');
  const [, ...rest] = text.split('@');
  const certain = pieces.length === 1 || rest.length === 0 || (rest.length === 1 && pieces[0]?.includes('@') === true);
  return pieces.map((piece) => (certain ? urlAddress(piece) : undefined));
}

function urlAddress(text: string): string | undefined {
  const match = /^\s*[a-z]+:\/\/([^/?#]*)(.*?)\s*$/.exec(text);
  if (match === null || match[2]?.includes('@') === true) return undefined;
  const authority = match[1] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1);
}
