/** Reports silence: a time without {@link touch} that was not spent waiting for a person. */
interface Watchdog {
  /** Something was heard; the next silence counts from now. */
  touch(limitMs?: number): void;
  /** No time limit runs while `work` does. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
  stop(): void;
}

/** `onSilence` is also called when `totalMs` have gone by, however often something was heard. */
export function createWatchdog(silenceMs: number, totalMs: number, onSilence: () => void): Watchdog {
  let timer: NodeJS.Timeout | undefined;
  let left = totalMs;
  let since = Date.now();
  let paused = 0;
  let stopped = false;

  /** Time that a person takes is not counted. */
  const spend = (): void => {
    const now = Date.now();
    if (paused === 0) left -= now - since;
    since = now;
  };

  const touch = (limitMs = silenceMs): void => {
    clearTimeout(timer);
    spend();
    if (!stopped && paused === 0) timer = setTimeout(onSilence, Math.max(0, Math.min(limitMs, left)));
  };

  return {
    touch,
    async whilePaused(work) {
      spend();
      paused += 1;
      clearTimeout(timer);
      try {
        return await work();
      } finally {
        spend();
        paused -= 1;
        touch();
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
