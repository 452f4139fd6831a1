import { expect, it } from 'vitest';
import { createRefusals } from '../../../src/adapters/ssh/refusals';
import { problem } from '../../../src/core/base/problem';

const refusal = problem('ssh-auth-failed', 'no');

it('pauses longer after each refusal, and forgets with a login', () => {
  let now = 0;
  const refusals = createRefusals({ now: () => now });
  const pause = (): number => {
    const from = now;
    while (refusals.recall('a') !== undefined) now += 1000;
    return (now - from) / 1000;
  };
  const pauses = [1, 2, 3, 4, 5].map(() => {
    refusals.remember('a', refusal);
    return pause();
  });
  expect(pauses).toEqual([10, 30, 120, 300, 300]);
  refusals.remember('a', refusal);
  refusals.forget('a');
  expect(refusals.recall('a')).toBeUndefined();
  refusals.remember('a', refusal);
  expect(pause()).toBe(10);
  expect(refusals.recall('b')).toBeUndefined();
});
