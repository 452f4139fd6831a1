import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { RunReport } from '../../../../src/core/plan/events';
import type { StepState } from '../../../../src/core/plan/step';
import { releaseBefore } from '../../../../src/engine/planning/releaseBefore';
import { clusterOf } from '../../../support/cluster';
import { planFor, provisionedFacts, situationOf } from '../../../support/plans';

const OLD = 'v1.36.3+k3s1';
const wanted = clusterOf({ version: 'v1.37.0+k3s1' });

function before(
  facts: Map<string, HostFacts>,
  states: Record<string, StepState>,
  result: RunReport['result'] = 'failed',
) {
  const plan = planFor(wanted, facts);
  const report = { result, states: new Map(Object.entries(states)), problems: [], spans: new Map(), wallMs: 1 };
  return releaseBefore({ plan, situation: situationOf(wanted, facts) }, report);
}

describe('the release before an upgrade', () => {
  const facts = (): Map<string, HostFacts> => provisionedFacts(clusterOf());

  it('is what a failed run can go back to once its snapshot is saved', () => {
    expect(before(facts(), { 'save-snapshot:server-1': 'done' })).toBe(OLD);
  });

  it('is of no use without a snapshot, after success, and where servers had different ones', () => {
    expect(before(facts(), { 'save-snapshot:server-1': 'failed' })).toBeUndefined();
    expect(before(facts(), { 'save-snapshot:server-1': 'done' }, 'done')).toBeUndefined();
    const mixed = facts();
    mixed.set('server-3', { ...(mixed.get('server-3') as HostFacts), k3sVersion: 'v1.36.2+k3s1' });
    expect(before(mixed, { 'save-snapshot:server-1': 'done' })).toBeUndefined();
  });
});
