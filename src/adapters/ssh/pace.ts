import type { Clock } from '../../engine/ports';

/** Shares one rate among all that is sent at the same time. */
export interface Pace {
  /** How much may be asked for at once, in bytes: so little that nobody waits long for the piece of another one. */
  readonly piece: number;
  /** Resolves when so many bytes may leave, in the order of asking; at once when nobody wants them any more. */
  admit(bytes: number, ended: AbortSignal): Promise<void>;
}

/** A piece takes so long at most. */
const PIECE_S = 0.05;
const [SMALLEST, LARGEST] = [4 * 1024, 256 * 1024];
/** What a timer that came late may have cost, and is made up for. */
const CREDIT_MS = 200;

/** A pace of so many bytes a second, over everything that asks for it. */
export function createPace(bytesPerSecond: number, clock: Clock): Pace {
  let next = 0;
  return {
    piece: Math.round(Math.min(LARGEST, Math.max(SMALLEST, bytesPerSecond * PIECE_S))),
    async admit(bytes, ended) {
      const now = clock.now();
      const at = Math.max(next, now - CREDIT_MS);
      next = at + (1000 * bytes) / bytesPerSecond;
      if (at > now && !ended.aborted) await clock.sleep(at - now, ended).catch(() => undefined);
    },
  };
}
