import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/core/cluster/normalise';
import { agentsAtOnce, upgradeRules } from '../../../src/core/cluster/upgradeRules';

const rulesOf = (upgrade?: unknown) => upgradeRules(normalise({ k3s: upgrade === undefined ? {} : { upgrade } }));

describe('k3s.upgrade', () => {
  it('moves no pods and saves a snapshot when nothing is said', () => {
    expect(rulesOf()).toEqual({
      drain: false,
      drainTimeoutMs: 300_000,
      emptyDir: 'delete',
      unmanagedPods: 'refuse',
      agentsAtOnce: '10%',
      snapshotFirst: true,
    });
    expect(rulesOf({})).toEqual(rulesOf());
  });

  it('is read, and what cannot be read counts as not said', () => {
    const said = {
      drain: true,
      drainTimeout: '15m',
      emptyDir: 'keep',
      unmanagedPods: 'delete',
      agentsAtOnce: 3,
      snapshotFirst: false,
    };
    const { drainTimeout: _, ...rest } = said;
    expect(rulesOf(said)).toEqual({ ...rest, drainTimeoutMs: 900_000 });
    expect(rulesOf({ drain: 'perhaps', drainTimeout: 'long', agentsAtOnce: '0' })).toEqual(rulesOf());
  });

  it.each([
    ['10%', 21, 3],
    ['10%', 1, 1],
    ['100%', 7, 7],
    [3, 100, 3],
    ['4', 100, 4],
    ['1%', 10, 1],
  ])('changes with %s of %i agents %i at the same time', (amount, agents, expected) => {
    expect(agentsAtOnce(rulesOf({ agentsAtOnce: amount }), agents)).toBe(expected);
  });
});
