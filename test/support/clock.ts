import type { Clock } from '../../src/engine/ports';

/** As long as this nobody waits for something to happen: what is to be done that seldom is not a matter of such a test. */
const FOR_EVER_MS = 20_000;

/** A clock on which short waits take no time. */
export function fastClock(start = 1_790_000_000_000): Clock {
  let now = start;
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const abort = (): void => reject(signal?.reason as Error);
        signal?.addEventListener('abort', abort, { once: true });
        if (ms >= FOR_EVER_MS) return;
        now += ms;
        setImmediate(() => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
      }),
  };
}

export interface SteppedClock extends Clock {
  /** Lets time pass for those who wait longer. */
  pass(ms: number): void;
  /** How many wait longer now. */
  waiting(): number;
}

/** A clock on which short waits take no time, and long ones last until the test lets the time pass. */
export function steppedClock(start?: number): SteppedClock {
  const fast = fastClock(start);
  let passed = 0;
  const waiting = new Set<() => void>();
  const now = (): number => fast.now() + passed;
  return {
    now,
    async sleep(ms, signal) {
      if (ms < FOR_EVER_MS) return fast.sleep(ms, signal);
      const until = now() + ms;
      await new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (now() < until) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        const abort = (): void => {
          waiting.delete(look);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
    waiting: () => waiting.size,
    pass(ms) {
      passed += ms;
      for (const look of waiting) look();
    },
  };
}
