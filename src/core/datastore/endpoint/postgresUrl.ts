import type { TextRange } from '../../base/text';
import { hideReferences, holdsReference } from './dsn';
import { endOfCredentials } from './postgresEndpoint';

/** What Go's URL parser lets stand in credentials; `@` and `:` among it. https://pkg.go.dev/net/url#Parse */
const ALLOWED = /^[A-Za-z0-9._:~!$&'()*+,;=%@-]$/;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Where user and password stand in an endpoint if they hold characters that have to be percent-encoded; `undefined` if
 * they do not. What a reference holds is not judged. `endpoint` begins with `postgres://` or `postgresql://`.
 */
export function unencodedUserInfo(endpoint: string): TextRange | undefined {
  const text = hideReferences(endpoint);
  const start = text.indexOf('://') + 3;
  const end = endOfCredentials(text, start);
  const credentials = text.slice(start, end);
  const isFine =
    [...credentials].every((character) => ALLOWED.test(character) || holdsReference(character)) &&
    !BROKEN_ESCAPE.test(credentials);
  return end === undefined || isFine ? undefined : { start, end };
}

/** Percent-encodes `user:password` where it has to be; escapes and references that are there stay. */
export function encodeUserInfo(credentials: string): string {
  let inPassword = false;
  const encode = (piece: string): string => {
    if (inPassword || !piece.includes(':')) return encodePiece(piece);
    inPassword = true;
    const colon = piece.indexOf(':');
    return `${encodePiece(piece.slice(0, colon))}:${encodePiece(piece.slice(colon + 1))}`;
  };
  return credentials
    .split(/(\$\{[^}]*\}|%[0-9A-Fa-f]{2})/)
    .map((piece, i) => (i % 2 === 1 ? piece : encode(piece)))
    .join('');
}

function encodePiece(text: string): string {
  // encodeURIComponent throws on half a surrogate pair.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'));
}
