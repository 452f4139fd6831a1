/** Work in slices of a few milliseconds with pauses in between; what is yielded says nothing. */
export type Steps<T> = Generator<undefined, T>;

/** The whole work at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
