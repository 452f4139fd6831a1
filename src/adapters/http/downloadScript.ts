import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { shownUrl } from '../../core/cluster/installScript';
import { SCRIPT_UNREACHABLE, type FetchedScript } from '../../engine/ports';
import { causeOf, follow, Refused } from './follow';

/** Most bytes of an install script; that of K3s has 40 KB. */
const LARGEST = 2 ** 20;

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
    const { response, at } = await follow(url, {
      ...options,
      signal,
      words: { unencrypted, unreachable: (why) => unreachable(shown, why) },
    });
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
