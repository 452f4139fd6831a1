import { describe, expect, it } from 'vitest';
import { slicer } from '../../../../src/engine/run/slices';
import type { Clock } from '../../../../src/engine/ports';

/** A clock that goes on by 4 ms with each look at it. */
function slowClock(): Clock & { readonly pauses: number[] } {
  let now = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => (now += 4),
    sleep: async (ms) => {
      pauses.push(ms);
    },
  };
}

describe('work in slices', () => {
  it('lets others go first every 10 ms, and does all of the work', async () => {
    const clock = slowClock();
    const done: number[] = [];
    const work = function* () {
      for (let i = 0; i < 9; i += 1) {
        done.push(i);
        yield;
      }
    };
    await slicer(clock)(work());
    expect(done).toHaveLength(9);
    expect(clock.pauses).toEqual([0, 0, 0]);
  });

  it('counts what went before in the same slice, and gives what the work gives', async () => {
    const clock = slowClock();
    const short = function* () {
      yield;
      return 'done';
    };
    const inSlices = slicer(clock);
    expect([await inSlices(short()), await inSlices(short()), await inSlices(short())]).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(clock.pauses).toEqual([0]);
  });
});
