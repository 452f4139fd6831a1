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
