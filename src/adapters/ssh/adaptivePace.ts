import type { Clock } from '../../engine/ports';
import { createPace, type Pace } from './pace';

/** A pace that slows down when hosts no longer answer at once, as they do behind an uplink that is full. */
export interface AdaptivePace extends Pace {
  /**
   * Something is being sent until `ended`; meanwhile `ask` has its host say a word. Of many to which something is sent at
   * the same time one is asked at a time.
   */
  watch(ask: () => Promise<unknown>, ended: AbortSignal): Promise<void>;
}

/** Other commands of a run, above all the renewal of its lease, are not to wait longer behind what is being sent. */
const TARGET_MS = 1_000;
const EVERY_MS = 1_000;
/** Bytes a second that are always sent: with less an upload would not end. */
const SLOWEST = 64 * 1024;
/** After a late word so much of what got through is sent; with each timely one more of it. */
const [LESS, MORE] = [0.5, 1.15];
/** It gets better when a word takes less than this much of the time of the one before. */
const BETTER = 0.8;
/** So many late words in a row that do not come sooner: then something else keeps the host from answering. */
const FRUITLESS = 3;
const BELIEVED_MS = 60_000;
const LARGEST_PIECE = 256 * 1024;

/** Sends as fast as the hosts take it, and slower while they answer late; never faster than `limit` bytes a second. */
export function createAdaptivePace(clock: Clock, limit?: number): AdaptivePace {
  const upper = limit === undefined ? undefined : createPace(limit, clock);
  let rate: number | undefined;
  let lower: Pace | undefined;
  let asking = false;
  let askAt = 0;
  let late: { readonly ms: number; readonly times: number } | undefined;
  let innocentUntil = 0;
  let sent = 0;

  const setRate = (next: number | undefined): void => {
    rate = next;
    lower = next === undefined ? undefined : createPace(next, clock);
  };
  /** A word took from `begin` until now; `through` bytes were sent meanwhile. */
  const heard = (begin: number, through: number): void => {
    const ms = clock.now() - begin;
    if (ms <= TARGET_MS) {
      late = undefined;
      if (rate !== undefined) setRate(rate * MORE);
      return;
    }
    if (clock.now() < innocentUntil) return;
    const getsBetter = late !== undefined && ms < BETTER * late.ms;
    late = { ms, times: getsBetter ? 1 : (late?.times ?? 0) + 1 };
    if (late.times >= FRUITLESS) {
      innocentUntil = clock.now() + BELIEVED_MS;
      late = undefined;
      return setRate(undefined);
    }
    // While a word waits, everything before it is full, so what leaves is what gets through.
    const reached = (1000 * through) / ms;
    if (!getsBetter) setRate(Math.max(SLOWEST, LESS * Math.min(rate ?? reached, reached)));
  };

  return {
    get piece() {
      return Math.min(upper?.piece ?? LARGEST_PIECE, lower?.piece ?? LARGEST_PIECE);
    },
    async admit(bytes, ended) {
      sent += bytes;
      await upper?.admit(bytes, ended);
      await lower?.admit(bytes, ended);
    },
    async watch(ask, ended) {
      while (!ended.aborted) {
        if (!asking && clock.now() >= askAt) {
          asking = true;
          const [begin, before] = [clock.now(), sent];
          await ask();
          if (!ended.aborted) heard(begin, sent - before);
          // Whether less helps is seen when what was on its way has arrived.
          askAt = clock.now() + Math.max(EVERY_MS, late?.ms ?? 0);
          asking = false;
        }
        await clock.sleep(Math.max(EVERY_MS, askAt - clock.now()), ended).catch(() => undefined);
      }
    },
  };
}
