import { say } from '../../core/base/say';
import { err, ok, type Result } from '../../core/base/result';
import { releasesOfChannels } from '../../core/k3s/releases';

const TIMEOUT_MS = 10_000;
/** Bytes; the list of channels has about 30 KiB. */
const MAX_ANSWER = 1024 * 1024;
const MAX_REDIRECTS = 5;

/**
 * Asks a channel server for the releases of K3s, within 10 seconds and 1 MiB. It may send on to other addresses, but from
 * https never to http. The error is a sentence.
 */
export async function fetchReleases(url: string): Promise<Result<readonly string[], string>> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await follow(url, signal);
    if (typeof answer === 'string') return err(answer);
    if (!answer.ok) return err(say`${url} answers ${answer.status}`);
    const text = await readText(answer);
    const releases = text === undefined ? undefined : releasesOfChannels(JSON.parse(text));
    if (text === undefined)
      return err(say`${url} answers with more than ${MAX_ANSWER / 1024 / 1024} MiB, which is no list of releases`);
    return releases === undefined ? err(say`${url} names no stable release`) : ok(releases);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return err(say`${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Follows redirects one by one, to see where they lead; a sentence says why one is not followed. */
async function follow(url: string, signal: AbortSignal): Promise<Response | string> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await fetch(at, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    if (location === null) return answer;
    await answer.body?.cancel();
    const next = new URL(location, at);
    if (next.protocol !== 'https:' && next.protocol !== at.protocol)
      return say`${url} sends on to ${next.origin}, which is not https`;
    at = next;
  }
  return say`${url} sends on from address to address without end`;
}

/** Undefined when there is more than a list of releases could be. */
async function readText(answer: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (answer.body === null) return '';
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
