import { problem, type Problem } from '../../core/base/problem';

const MIB = 1024 * 1024;

/** Bytes of one answer; 500 nodes, which is a page, take about 10 MiB at worst. */
export const MAX_ANSWER = 64 * MIB;
/** Bytes of one event of a watch; Kubernetes itself stores no object above 1.5 MiB. */
export const MAX_LINE = 4 * MIB;
/** Bytes of one watch, and of all pages of one list. */
export const MAX_STREAM = 256 * MIB;
/** Nodes of a cluster; Kubernetes is made for 5,000. */
export const MAX_NODES = 10_000;
/** Pods of a cluster; Kubernetes is made for 150,000 of them, K3s is not. */
export const MAX_PODS = 50_000;
/** Pages of one list, empty ones included. */
export const MAX_PAGES = 200;

/** The API answers more than any cluster could: what listens there is not trusted to end. */
export function tooMuch(server: string, what: string): Problem {
  return problem('api-answer-too-long', `The Kubernetes API at ${server} answers with ${what}.`, {
    why: 'No cluster of this size exists; the answer was given up before it could fill the memory of this machine.',
    nextSteps: ['Check that the address leads to your Kubernetes API and to nothing else.'],
  });
}

/** The same as an error, where a stream has to be left. */
export function tooMuchError(server: string, what: string): Error {
  const found = tooMuch(server, what);
  return Object.assign(new Error(found.message), { problem: found });
}

/** Reads a body as UTF-8 text; throws a problem above {@link MAX_ANSWER}. */
export async function readText(body: AsyncIterable<unknown>, server: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_ANSWER) throw tooMuchError(server, `more than ${MAX_ANSWER / MIB} MiB`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Hands over the lines of a body as they come; throws a problem for a line or a body without end. */
export async function readLines(
  body: AsyncIterable<unknown>,
  server: string,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let size = 0;
  let waiting: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_STREAM) throw tooMuchError(server, `more than ${MAX_STREAM / MIB} MiB of events`);
    const [first = '', ...others] = decoder.decode(chunk as Uint8Array, { stream: true }).split('\n');
    waiting.push(first);
    length += first.length;
    if (length > MAX_LINE) throw tooMuchError(server, `a line of more than ${MAX_LINE / MIB} MiB`);
    const rest = others.pop();
    if (rest === undefined) continue;
    for (const line of [waiting.join(''), ...others]) if (line !== '') onLine(line);
    waiting = [rest];
    length = rest.length;
  }
}
