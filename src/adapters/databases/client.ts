import type { Duplex } from 'node:stream';
import type { Result } from '../../core/base/result';
import type { DatabaseAccess, DatabaseAnswer, DatabaseRefusal } from '../../core/datastore/trial/answer';

/** Opens one more connection to the database; all are closed when the answer is there. */
export type OpenStream = () => Promise<Result<Duplex, DatabaseRefusal>>;

/** Asks one kind of database. What a library throws is a bug, or becomes a refusal. */
export type Client = (access: DatabaseAccess, open: OpenStream) => Promise<DatabaseAnswer>;

export function refused(refusal: DatabaseRefusal): DatabaseAnswer {
  return { kind: 'refused', refusal };
}

/** What a socket, TLS or a library threw, as a refusal. */
export function refusalOf(error: unknown, at: DatabaseRefusal['at']): DatabaseRefusal {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    at,
    code: typeof code === 'string' ? code : 'unknown',
    says: typeof message === 'string' ? message : String(error),
  };
}

const LONGEST_LINE = 2 ** 20;

/** What a protocol of lines says first; the rest waits in the stream. */
export function firstLine(stream: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (bytes: Buffer): void => {
      text += bytes.toString('utf8');
      if (!text.includes('\r\n') && text.length < LONGEST_LINE) return;
      stream.off('data', onData).pause();
      resolve(text.slice(0, text.indexOf('\r\n')));
    };
    stream.on('data', onData);
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('It closed the connection.')));
  });
}

/** How long the shortest of a few questions takes. */
export async function shortestRoundTrip(ask: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i += 1) {
    const begun = performance.now();
    await ask();
    shortest = Math.min(shortest, performance.now() - begun);
  }
  return shortest;
}
