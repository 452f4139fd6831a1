import { describe, expect, it } from 'vitest';
import { createDraft } from '../../../../src/core/plan/draft';
import type { Pod, PodsAndBudgets } from '../../../../src/core/remote/pods';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import { drain, type DrainIntent } from '../../../../src/engine/operations/drain';
import type { Situation } from '../../../../src/engine/planning/situation';
import { apiNode } from '../../health/nodes';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';

const cluster = clusterOf({ servers: 3, agents: 2 });
const facts = provisionedFacts(cluster);

function pod(name: string, more: Partial<Pod> = {}): Pod {
  return {
    namespace: 'shop',
    name,
    node: 'agent-1',
    phase: 'Running',
    owner: 'ReplicaSet',
    emptyDir: false,
    mirror: false,
    ending: false,
    ready: true,
    labels: new Map([['app', name]]),
    ...more,
  };
}

function planned(more: Partial<Situation> = {}, intent: DrainIntent = { nodes: ['agent-1'] }, cordoned = false) {
  const names = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];
  const live = {
    through: 'server-1',
    nodes: names.map((name) => nodeHealth(apiNode({ name, unschedulable: cordoned && name === 'agent-1' }), 0)),
  };
  const draft = createDraft();
  drain.plan(situationOf(cluster, facts, { live, ...more }), intent, draft);
  return draft;
}

const pods = (...list: Pod[]): PodsAndBudgets => ({ pods: list, budgets: [] });

describe('draining a node', () => {
  it('cordons it for good, moves its pods, and tells how many', () => {
    const { steps, notes, problems } = planned({ workloads: pods(pod('web'), pod('ds', { owner: 'DaemonSet' })) });
    expect(problems).toEqual([]);
    expect(steps.map(({ kind }) => kind)).toEqual(['keep-cordoned', 'drain']);
    expect(notes).toEqual(['1 pod of agent-1 moves to other nodes; 1 pod of DaemonSets and files stays.']);
  });

  it('tells which budget keeps a pod and how long that is waited for, and tries all the same', () => {
    const budget = {
      namespace: 'shop',
      name: 'web',
      allowed: 0,
      healthy: 1,
      wanted: 1,
      unhealthyAlways: false,
      selector: { labels: { app: 'web' }, expressions: [] },
    };
    const { steps, notes, problems } = planned(
      { workloads: { pods: [pod('web')], budgets: [budget] } },
      { nodes: ['agent-1'], timeoutMs: 90_000 },
    );
    expect(problems).toEqual([]);
    expect(steps.at(-1)?.input).toMatchObject({ timeoutMs: 90_000 });
    expect(notes[1]).toMatch(/^shop\/web may not go now: PodDisruptionBudget shop\/web allows .* at most 1 min/);
  });

  it('refuses to end a pod that nothing makes anew', () => {
    expect(planned({ workloads: pods(pod('bare', { owner: '' })) }).problems).toMatchObject([
      { code: 'drain-refused' },
    ]);
  });

  it('has nothing to do for a node that is cordoned and empty', () => {
    expect(planned({ workloads: pods() }, { nodes: ['agent-1'] }, true).steps).toEqual([]);
    expect(planned({ workloads: pods(pod('web')) }, { nodes: ['agent-1'] }, true).steps).toHaveLength(2);
  });

  it('refuses when nobody can be asked', () => {
    const draft = createDraft();
    drain.plan(situationOf(cluster, facts), { nodes: ['agent-1'] }, draft);
    expect(draft.problems).toMatchObject([{ code: 'api-silent' }]);
  });
});
