/** How long the editor may take to answer before the page says so. */
const PATIENCE_MS = 8_000;

/** Watches whether requests that want a new snapshot get one. */
export interface Patience {
  /** A request was sent; the first one without an answer starts the clock. */
  asked(): void;
  answered(): void;
}

export function createPatience(tell: (silent: boolean) => void): Patience {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    asked: () => {
      timer ??= setTimeout(() => tell(true), PATIENCE_MS);
    },
    answered: () => {
      clearTimeout(timer);
      timer = undefined;
      tell(false);
    },
  };
}
