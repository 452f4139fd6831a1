import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../../core/base/problem';
import { err, type Result } from '../../core/base/result';
import type { Log } from '../../engine/ports';
import type { Connection } from './connection';
import type { Hop } from './hops';

/** One try to log in. Only a server that hung up before the login is worth another one: a refusal stays one. */
export type Attempt =
  | { readonly kind: 'done'; readonly result: Result<Connection, Problem> }
  | { readonly kind: 'hung-up'; readonly problem: Problem };

/**
 * Waits before trying again when a server hangs up before it has said anything: sshd drops connections at random
 * while more than MaxStartups clients are logging in.
 */
const RETRY_DELAYS_MS: readonly number[] = [150, 300, 600, 1_000];

/** Tries until a server no longer hangs up, with longer and longer pauses. */
export async function withPauses(
  hop: Hop,
  context: { readonly log: Log; readonly disposed: AbortSignal },
  tryOnce: () => Promise<Attempt>,
): Promise<Result<Connection, Problem>> {
  for (let attempt = 0; ; attempt += 1) {
    const result = await tryOnce();
    if (result.kind === 'done') return result.result;
    const delay = RETRY_DELAYS_MS[attempt];
    if (delay === undefined || context.disposed.aborted) return err(result.problem);
    context.log.debug(`${hop.label} hung up before its greeting; trying again.`);
    await sleep(delay * (0.75 + Math.random() / 2));
  }
}
