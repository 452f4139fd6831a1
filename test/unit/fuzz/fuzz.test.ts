import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../fuzz/corpus';
import { fuzz } from '../../fuzz/run';

/** More by `npm run fuzz -- <runs> <seed>`. */
const RUNS = 1000;
/** Catches what grows without measure, on a busy machine too; the command above is strict. */
const LIMIT_MS = 3000;

describe('any text whatever', () => {
  it('is read, checked, completed, explained and fixed without harm', { timeout: 300_000 }, () => {
    const { failures, runs } = fuzz(readCorpus(), {
      seed: 1,
      runs: RUNS,
      limitMs: LIMIT_MS,
      now: () => performance.now(),
    });
    expect(failures.map(({ seed, reason, text }) => `${seed}: ${reason}\n${text.slice(0, 2000)}`)).toEqual([]);
    expect(runs).toBe(RUNS);
  });
});
