import { passwordBefore, type EndpointAddress, type EndpointParts } from './endpointParts';
import { readUrl } from './urlEndpoints';

/** A URL as the PostgreSQL driver reads it. https://www.postgresql.org/docs/current/libpq-connect.html */
export function readPostgresEndpoint(text: string, start: number): EndpointParts {
  const at = endOfCredentials(text, start);
  const parsed = readUrl(text, at === undefined ? start : at + 1, text.length, true);
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
