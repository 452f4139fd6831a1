import { describe, expect, it } from 'vitest';
import type { StepState } from '../../../src/core/plan/step';
import { owedSteps } from '../../../src/cli/owedSteps';
import { bringBack } from '../../../src/engine/steps/bringBack';
import { takeAway } from '../../../src/engine/steps/takeAway';
import { watchDrill } from '../../../src/engine/steps/watchDrill';
import type { ClusterNode } from '../../../src/core/cluster/cluster';
import { clusterOf } from '../../support/cluster';

const [first, second] = clusterOf().servers as [ClusterNode, ClusterNode];
const part = 'k3s:server-2';
const taken = takeAway.step(second, { part, way: 'k3s', subject: 'k3s', seconds: 30 }, 'it is tried');
const watched = watchDrill.step(first, { part, machine: 'server-2', seconds: 30, members: [] }, 'it is tried', {
  after: [taken.id],
});
const back = bringBack.step(
  second,
  { part, way: 'k3s', subject: 'k3s', node: true, drill: 'd' },
  'nothing stays away',
  {
    always: true,
    after: [taken.id, watched.id],
  },
);
const steps = [taken, watched, back];
const BACK = 'server-2: Start k3s again and prove it';

/** What is owed when steps have come so far. */
function owedAt(states: Readonly<Record<string, StepState>>): readonly string[] {
  const followed = owedSteps(steps);
  for (const [step, state] of Object.entries(states)) followed.note({ type: 'step', step, node: 'server-2', state });
  return followed.owed();
}

describe('what a run that is cancelled owes to its machines', () => {
  it('is nothing before anything has begun, and nothing when all is back or nothing was taken', () => {
    expect(owedAt({})).toEqual([]);
    expect(owedAt({ [taken.id]: 'done', [watched.id]: 'done', [back.id]: 'done' })).toEqual([]);
    expect(owedAt({ [taken.id]: 'cancelled', [watched.id]: 'cancelled', [back.id]: 'skipped' })).toEqual([]);
  });

  it('is the way back from when something is being taken until it is there, however that ends', () => {
    expect(owedAt({ [taken.id]: 'running' })).toEqual(['server-2: Stop k3s for 30 s', BACK]);
    expect(owedAt({ [taken.id]: 'done', [watched.id]: 'running' })).toEqual([BACK]);
    expect(owedAt({ [taken.id]: 'unknown', [watched.id]: 'cancelled' })).toEqual([BACK]);
    expect(owedAt({ [taken.id]: 'done', [watched.id]: 'cancelled', [back.id]: 'running' })).toEqual([BACK]);
    expect(owedAt({ [taken.id]: 'done', [watched.id]: 'cancelled', [back.id]: 'failed' })).toEqual([]);
  });
});
