import { describe, expect, it } from 'vitest';
import { gapsIn, type Sample } from '../../../src/core/drill/gaps';

const samples = (...times: readonly (readonly [number, boolean])[]): readonly Sample[] =>
  times.map(([at, ok]) => ({ at, ok }));

describe('the gaps of a fixed address', () => {
  it('are none while every question is answered', () => {
    expect(gapsIn(samples([0, true], [100, true], [200, true]), 0, 200)).toEqual({ asked: 3, failed: 0, longestMs: 0 });
  });

  it('last from the last answer before to the first one after, in whatever order the answers came', () => {
    const seen = samples([400, true], [0, true], [100, false], [300, false], [200, false], [500, true]);
    expect(gapsIn(seen, 0, 500)).toEqual({ asked: 6, failed: 3, longestMs: 400 });
  });

  it('begin before the part and go on to the end when nobody answers', () => {
    expect(gapsIn(samples([0, true], [100, false], [200, false]), 100, 900).longestMs).toBe(900);
    expect(gapsIn(samples([100, false], [200, true]), 50, 300).longestMs).toBe(150);
  });

  it('leave out what was asked outside', () => {
    expect(gapsIn(samples([0, false], [100, true], [200, true], [300, false]), 100, 200)).toEqual({
      asked: 2,
      failed: 0,
      longestMs: 0,
    });
  });
});
