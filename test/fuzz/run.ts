import { checkText } from './check';
import { fuzzInput } from './inputs';
import { Random } from './random';

export interface Failure {
  /** Seed of this one text: `fuzzInput(new Random(seed), corpus)` gives it again. */
  readonly seed: number;
  readonly text: string;
  readonly reason: string;
}

export interface FuzzResult {
  readonly runs: number;
  readonly failures: readonly Failure[];
  readonly slowestMs: number;
  readonly totalMs: number;
}

/** Runs `runs` texts from one seed; a feature that takes longer than `limitMs` fails. Stops early after ten failures. */
export function fuzz(
  corpus: readonly string[],
  options: {
    readonly seed: number;
    readonly runs: number;
    readonly limitMs: number;
    readonly now: () => number;
    readonly onProgress?: (done: number) => void;
  },
): FuzzResult {
  const failures: Failure[] = [];
  let slowestMs = 0;
  let done = 0;
  const begin = options.now();
  for (; done < options.runs && failures.length < 10; done += 1) {
    const seed = options.seed * 1_000_003 + done;
    const result = runOne(corpus, seed, options.limitMs, options.now);
    slowestMs = Math.max(slowestMs, result.ms);
    if (result.failure !== undefined) failures.push(result.failure);
    options.onProgress?.(done + 1);
  }
  return { runs: done, failures, slowestMs, totalMs: options.now() - begin };
}

function runOne(
  corpus: readonly string[],
  seed: number,
  limitMs: number,
  now: () => number,
): { readonly ms: number; readonly failure?: Failure } {
  const text = fuzzInput(new Random(seed), corpus);
  let slowest = { name: '', ms: 0 };
  const feature = <T>(name: string, work: () => T): T => {
    let ms = Infinity;
    let result: T;
    // A busy machine may interrupt one run; slow is what is slow three times.
    let tries = 0;
    do {
      const start = now();
      result = work();
      ms = Math.min(ms, now() - start);
      tries += 1;
    } while (ms > limitMs && tries < 3);
    if (ms > slowest.ms) slowest = { name, ms };
    return result;
  };
  try {
    checkText(text, new Random(seed + 1), feature);
  } catch (error) {
    return { ms: slowest.ms, failure: { seed, text, reason: error instanceof Error ? error.message : String(error) } };
  }
  return slowest.ms > limitMs
    ? { ms: slowest.ms, failure: { seed, text, reason: `${slowest.name} took ${Math.round(slowest.ms)} ms` } }
    : { ms: slowest.ms };
}
