/** Reports silence: a time without {@link touch} that was not spent waiting for a person. */
interface Watchdog {
  /** Something was heard; the next silence counts from now. */
  touch(limitMs?: number): void;
  /** No time limit runs while `work` does. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
  stop(): void;
}

export function createWatchdog(silenceMs: number, onSilence: () => void): Watchdog {
  let timer: NodeJS.Timeout | undefined;
  let paused = 0;
  let stopped = false;

  const touch = (limitMs = silenceMs): void => {
    clearTimeout(timer);
    if (!stopped && paused === 0) timer = setTimeout(onSilence, limitMs);
  };

  return {
    touch,
    async whilePaused(work) {
      paused += 1;
      clearTimeout(timer);
      try {
        return await work();
      } finally {
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
