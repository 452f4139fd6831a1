import { describe, expect, it } from 'vitest';
import { problemSentence } from '../../../src/core/base/problemSentence';
import { idleLimit, idleLimitProblem, type Cut } from '../../../src/core/loadBalancer/idleLimit';

const cut = (idleMs: number, aliveMs: number): Cut => ({ idleMs, aliveMs });

describe('A limit for idle connections', () => {
  it('is the silence that went before each cut, however long a watch had lived', () => {
    expect(idleLimit([cut(50_010, 110_000), cut(50_300, 230_000), cut(50_020, 50_030)])).toBe(50_010);
  });

  it('shows on watches that were silent from the beginning', () => {
    expect(idleLimit([cut(20_000, 20_010), cut(20_050, 20_060), cut(20_010, 20_020)])).toBe(20_000);
  });

  it('is not what the API does, which ends watches after a time and not after a silence', () => {
    expect(idleLimit([cut(12_000, 300_000), cut(41_000, 300_000), cut(3_000, 300_000)])).toBeUndefined();
    // Bookmarks come by the clock, so that the silence before that end may always be the same.
    expect(idleLimit([cut(58_000, 300_000), cut(58_000, 300_100), cut(58_000, 300_050)])).toBeUndefined();
  });

  it('is not seen in two cuts, in different ones, or in a server that ends at once', () => {
    expect(idleLimit([cut(50_000, 90_000), cut(50_000, 150_000)])).toBeUndefined();
    expect(idleLimit([cut(50_000, 90_000), cut(20_000, 150_000), cut(50_000, 60_000)])).toBeUndefined();
    expect(idleLimit([cut(100, 120), cut(110, 130), cut(90, 150)])).toBeUndefined();
  });

  it('is told with the settings that raise it', () => {
    const found = idleLimitProblem('https://10.0.0.100:6443', 50_010);
    expect(problemSentence(found)).toContain(
      'Connections through https://10.0.0.100:6443 are cut after 50 s without traffic.',
    );
    expect(found.nextSteps.join()).toMatch(/timeout client.*proxy_timeout/);
  });
});
