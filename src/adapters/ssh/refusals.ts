import type { Problem } from '../../core/base/problem';
import type { Clock } from '../../engine/ports';

/** Servers that have refused a login: whoever tries on at once is locked out by them (PerSourcePenalties, fail2ban). */
export interface Refusals {
  /** What the last refusal was, while it is too early for another login. */
  recall(key: string): Problem | undefined;
  /** A server has refused all that was tried without asking anybody. */
  remember(key: string, found: Problem): void;
  /** A login has succeeded. */
  forget(key: string): void;
}

/** Until the next login, after the first refusal and further ones. */
const PAUSES_MS: readonly number[] = [10_000, 30_000, 120_000, 300_000];

export function createRefusals(clock: Pick<Clock, 'now'>): Refusals {
  const refused = new Map<string, { readonly found: Problem; readonly times: number; readonly until: number }>();
  return {
    recall(key) {
      const last = refused.get(key);
      return last !== undefined && clock.now() < last.until ? last.found : undefined;
    },
    remember(key, found) {
      const times = (refused.get(key)?.times ?? 0) + 1;
      const pause = PAUSES_MS[Math.min(times, PAUSES_MS.length) - 1] ?? 0;
      refused.set(key, { found, times, until: clock.now() + pause });
    },
    forget: (key) => void refused.delete(key),
  };
}
