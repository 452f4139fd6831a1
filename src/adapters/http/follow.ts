import { problem, type Problem } from '../../core/base/problem';
import { shownUrl } from '../../core/cluster/installScript';

const MAX_REDIRECTS = 5;

/** What is said of an address that gives nothing. */
export interface FollowWords {
  unreachable(why: string): Problem;
  unencrypted(message: string): Problem;
}

export interface FollowOptions {
  /** The caller knows the sha256: an address that is not encrypted is asked, too. */
  readonly pinned: boolean;
  readonly signal: AbortSignal;
  /** That of Node, which VS Code replaces by one that knows the proxies of the person. */
  readonly fetch: typeof globalThis.fetch;
  readonly words: FollowWords;
}

/** Why a download ended without what was asked for: told in the words of the problem. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** Follows redirects one by one, to see where they lead. User and password go to the origin that the address names, and nowhere else. */
export async function follow(
  url: string,
  { pinned, signal, fetch, words }: FollowOptions,
): Promise<{ readonly response: Response; readonly at: URL }> {
  const shown = shownUrl(url);
  const first = readUrl(url, shown);
  const { authorization, origin } = withoutCredentials(first);
  if (first.protocol !== 'https:' && !pinned) throw new Refused(words.unencrypted(`${shown} is not encrypted`));
  let at = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const headers = new Headers(authorization !== undefined && at.origin === origin ? { authorization } : {});
    const response = await fetch(at, { signal, redirect: 'manual', headers });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) {
      if (response.ok) return { response, at };
      await response.body?.cancel();
      throw new Refused(words.unreachable(`${at.host} answers with status ${response.status}`));
    }
    await response.body?.cancel();
    const next = new URL(location, at);
    withoutCredentials(next);
    if (next.protocol !== 'https:' && (next.protocol !== 'http:' || at.protocol !== 'http:'))
      throw new Refused(words.unencrypted(`${shown} sends on to ${shownUrl(next.href)}, which is not https`));
    at = next;
  }
  throw new Refused(words.unreachable('it sends on from address to address without end'));
}

function readUrl(url: string, shown: string): URL {
  if (!URL.canParse(url)) throw new Refused(problem('address-unreadable', `${shown} is no address`));
  return new URL(url);
}

/** Takes user and password out of `url`, which fetch refuses, and gives the header that stands for them. */
function withoutCredentials(url: URL): { readonly authorization: string | undefined; readonly origin: string } {
  const pair = [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  return {
    authorization: pair === ':' ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`,
    origin: url.origin,
  };
}

/** The system's words: fetch itself only says that it failed. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return causeOf(error.cause);
  const code = 'code' in error ? String(error.code) : '';
  return error.message === '' ? code : error.message;
}
