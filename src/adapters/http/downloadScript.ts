import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { shownUrl } from '../../core/cluster/installScript';
import { SCRIPT_UNREACHABLE, type FetchedScript } from '../../engine/ports';

/** Most bytes of an install script; that of K3s has 40 KB. */
const LARGEST = 2 ** 20;
const MAX_REDIRECTS = 5;

export interface DownloadOptions {
  /** The caller knows the sha256: an address that is not encrypted is asked, too. */
  readonly pinned: boolean;
  readonly signal?: AbortSignal;
  /** Time until something answers, in milliseconds, and for all of it. */
  readonly answerMs: number;
  readonly wholeMs: number;
  /** That of Node, which VS Code replaces by one that knows the proxies of the person. */
  readonly fetch: typeof globalThis.fetch;
}

/** Why a download ended without a script: told in the words of the problem. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** Downloads an install script over https, within seconds and 1 MiB. No text that it gives holds user, password or query of an address. */
export async function downloadScript(url: string, options: DownloadOptions): Promise<Result<FetchedScript, Problem>> {
  const shown = shownUrl(url);
  const late = new AbortController();
  const expire = (ms: number): NodeJS.Timeout =>
    setTimeout(() => late.abort(new Error(`it took longer than ${ms / 1000} seconds`)), ms);
  const answer = expire(options.answerMs);
  const whole = expire(options.wholeMs);
  const signal = options.signal === undefined ? late.signal : AbortSignal.any([options.signal, late.signal]);
  try {
    const { response, at } = await follow(url, shown, signal, options);
    clearTimeout(answer);
    return ok({
      text: textOf(await readBytes(response, shown), shown),
      finalUrl: shownUrl(at.href).replace(/\/$/, ''),
    });
  } catch (error) {
    if (error instanceof Refused) return err(error.problem);
    return err(unreachable(shown, causeOf(late.signal.aborted ? late.signal.reason : error)));
  } finally {
    clearTimeout(answer);
    clearTimeout(whole);
  }
}

/** Follows redirects one by one, to see where they lead. User and password go to the origin that the address names, and nowhere else. */
async function follow(
  url: string,
  shown: string,
  signal: AbortSignal,
  { pinned, fetch }: DownloadOptions,
): Promise<{ readonly response: Response; readonly at: URL }> {
  const first = readUrl(url, shown);
  const { authorization, origin } = withoutCredentials(first);
  if (first.protocol !== 'https:' && !pinned) throw new Refused(unencrypted(`${shown} is not encrypted`));
  let at = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const headers = new Headers(authorization !== undefined && at.origin === origin ? { authorization } : {});
    const response = await fetch(at, { signal, redirect: 'manual', headers });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) {
      if (response.ok) return { response, at };
      await response.body?.cancel();
      throw new Refused(unreachable(shown, `${at.host} answers with status ${response.status}`));
    }
    await response.body?.cancel();
    const next = new URL(location, at);
    withoutCredentials(next);
    if (next.protocol !== 'https:' && (next.protocol !== 'http:' || at.protocol !== 'http:'))
      throw new Refused(unencrypted(`${shown} sends on to ${shownUrl(next.href)}, which is not https`));
    at = next;
  }
  throw new Refused(unreachable(shown, 'it sends on from address to address without end'));
}

function readUrl(url: string, shown: string): URL {
  if (!URL.canParse(url)) throw new Refused(problem('install-script-address', `${shown} is no address`));
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

async function readBytes(response: Response, shown: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LARGEST) throw new Refused(noScript(shown, `It has more than ${LARGEST / 2 ** 20} MiB.`));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same bytes as text, so that their sha256 is that of the text. */
function textOf(bytes: Buffer, shown: string): string {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw new Refused(noScript(shown, 'It is no text in UTF-8.'));
  if (text.trim() === '') throw new Refused(noScript(shown, 'It is empty.'));
  if (text.trimStart().startsWith('<'))
    throw new Refused(noScript(shown, 'It is a web page, perhaps one that asks for a login.'));
  return text;
}

function unreachable(shown: string, why: string): Problem {
  return problem(SCRIPT_UNREACHABLE, `${shown} could not be reached`, { why });
}

function unencrypted(message: string): Problem {
  return problem('install-script-not-encrypted', message, {
    why: 'The install script runs as root on the hosts, and anyone on its way could change it.',
    nextSteps: ['Write the https address of the script under k3s.install.scriptUrl.'],
  });
}

function noScript(shown: string, why: string): Problem {
  return problem('install-script-unusable', `What ${shown} gives is no install script`, {
    why,
    nextSteps: ['Check k3s.install.scriptUrl.'],
  });
}

/** The system's words: fetch itself only says that it failed. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return causeOf(error.cause);
  const code = 'code' in error ? String(error.code) : '';
  return error.message === '' ? code : error.message;
}
