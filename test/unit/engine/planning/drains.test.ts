import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { readUpgradeRules } from '../../../../src/core/cluster/upgradeRules';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import type { Pod, PodsAndBudgets } from '../../../../src/core/remote/pods';
import type { LiveCluster } from '../../../../src/engine/planning/situation';
import { clusterOf } from '../../../support/cluster';
import { planFor, provisionedFacts } from '../../../support/plans';
import { apiNode } from '../../health/nodes';

const NEWER = 'v1.36.4+k3s1';

function wanted(upgrade: object, shape: Parameters<typeof clusterOf>[0] = {}): Cluster {
  const cluster = clusterOf({ ...shape, version: NEWER });
  const rules = readUpgradeRules({ snapshotFirst: false, ...upgrade });
  return { ...cluster, k3s: { ...cluster.k3s, ...(rules === undefined ? {} : { upgrade: rules }) } };
}

function live(cluster: Cluster, change: (name: string) => object = () => ({})): LiveCluster {
  const nodes = [...cluster.servers, ...cluster.agents].map(({ id, address }) => {
    const node = apiNode({ name: id, ip: address }) as { metadata: object; spec?: object };
    return nodeHealth({ ...node, ...change(id) }, 0);
  });
  return { through: 'server-1', nodes };
}

const pod = (name: string, node: string, more: Partial<Pod> = {}): Pod => ({
  namespace: 'shop',
  name,
  node,
  phase: 'Running',
  owner: 'ReplicaSet',
  emptyDir: false,
  mirror: false,
  ending: false,
  ready: true,
  labels: new Map([['app', 'web']]),
  ...more,
});

const BUDGET = {
  namespace: 'shop',
  name: 'web',
  allowed: 0,
  healthy: 2,
  wanted: 2,
  unhealthyAlways: false,
  selector: { labels: { app: 'web' }, expressions: [] },
};

function plan(upgrade: object, workloads?: PodsAndBudgets, shape: Parameters<typeof clusterOf>[0] = {}) {
  const cluster = wanted(upgrade, shape);
  const facts = provisionedFacts(clusterOf(shape));
  return planFor(cluster, facts, { live: live(cluster), ...(workloads === undefined ? {} : { workloads }) });
}

const kindsOf = (steps: ReturnType<typeof plan>['steps'], machine: string): string[] =>
  steps.filter(({ about }) => about === machine).map(({ kind }) => kind);

describe('pods that move while a node gets another release', () => {
  it('do so before anything of the machine is touched, and the node is uncordoned whatever happens', () => {
    const { steps } = plan({ drain: true });
    expect(kindsOf(steps, 'server-2')).toEqual([
      'cordon',
      'drain',
      'put-aside',
      'install',
      'restart',
      'put-back',
      'await-settled',
      'uncordon',
    ]);
    const uncordon = steps.find(({ kind, on }) => kind === 'uncordon' && on === 'agent-1');
    expect(uncordon?.always).toBe(true);
    expect(uncordon?.after).toContain('await-settled:agent-1:agent-1');
    const next = steps.find(({ kind, on }) => kind === 'cordon' && on === 'server-2');
    expect(next?.after).toContain('uncordon:server-1:server-1');
  });

  it('are asked away of other servers first, with what the file says of them', () => {
    const { steps } = plan({ drain: true, drainTimeout: '10m', emptyDir: 'keep', unmanagedPods: 'delete' });
    expect(steps.find(({ kind, on }) => kind === 'drain' && on === 'server-1')?.input).toEqual({
      name: 'server-1',
      through: ['server-2', 'server-3', 'server-1'],
      timeoutMs: 600_000,
      emptyDir: false,
      unmanaged: true,
    });
  });

  it('wait for all agents of the wave before: none begins while one of these is blocked', () => {
    const { steps } = plan({ drain: true, agentsAtOnce: 2 }, undefined, { servers: 1, agents: 5 });
    const waited = (agent: number): string[] =>
      (steps.find(({ id }) => id === `cordon:agent-${agent}:agent-${agent}`)?.after ?? []).filter((id) =>
        id.startsWith('uncordon:agent'),
      );
    const ends = (...agents: number[]): string[] => agents.map((agent) => `uncordon:agent-${agent}:agent-${agent}`);
    expect([1, 2, 3, 4, 5].map(waited)).toEqual([[], ends(1), ends(1), ends(2, 3), ends(2, 3)]);
  });

  it('stay for a change that is no upgrade, and where the file does not ask for it', () => {
    expect(plan({}).steps.some(({ kind }) => kind === 'drain')).toBe(false);
    const cluster = wanted({ drain: true }, { serverConfig: { 'node-label': ['a=b'] } });
    const facts = provisionedFacts({ ...clusterOf(), k3s: cluster.k3s });
    const { steps } = planFor(cluster, facts, { live: live(cluster) });
    expect(kindsOf(steps, 'server-1')).toContain('restart');
    expect(steps.some(({ kind }) => kind === 'cordon')).toBe(false);
  });

  it('stay where no other node takes them, which is said', () => {
    const { steps, notes } = plan({ drain: true }, undefined, { servers: 1, agents: 0 });
    expect(steps.some(({ kind }) => kind === 'cordon')).toBe(false);
    expect(notes).toContain(
      'server-1 is not drained: no other node is Ready and takes pods. They go on running meanwhile.',
    );
  });

  it('are refused together, before the first node is cordoned, when a budget keeps some', () => {
    const workloads = { pods: [pod('web-1', 'agent-1'), pod('web-2', 'server-2')], budgets: [BUDGET] };
    const { steps, problems } = plan({ drain: true }, workloads);
    expect(steps).toEqual([]);
    expect(problems).toMatchObject([
      {
        code: 'drain-blocked',
        message: 'shop/web-1 and shop/web-2 may not leave agent-1 and server-2',
        why: 'PodDisruptionBudget shop/web allows no pod to go: 2 pods of it are healthy, and 2 must stay so.',
      },
    ]);
    expect(plan({ drain: false }, workloads).problems).toEqual([]);
    expect(plan({ drain: true }, { ...workloads, budgets: [{ ...BUDGET, allowed: 1 }] }).problems).toEqual([]);
  });

  it('are refused when they would be lost, unless the file says so', () => {
    const pods = [pod('bare', 'agent-1', { owner: '' }), pod('cache', 'agent-2', { emptyDir: true })];
    const messages = (upgrade: object): string[] =>
      plan({ drain: true, ...upgrade }, { pods, budgets: [] }).problems.map(({ message }) => message);
    expect(messages({ emptyDir: 'keep' })).toEqual([
      'Nothing makes shop/bare anew, on agent-1',
      'shop/cache would lose their emptyDir, on agent-2',
    ]);
    expect(messages({ unmanagedPods: 'delete' })).toEqual([]);
  });
});

describe('a node that a run has left cordoned', () => {
  const cordoned = { 'k3s-ha.io/cordoned': 'yes' };

  it('is uncordoned by the next plan, and one that somebody else has cordoned is not', () => {
    const cluster = clusterOf();
    const seen = live(cluster, (name) => ({
      ...(name === 'agent-1' ? { metadata: { name, annotations: cordoned } } : {}),
      ...(['agent-1', 'agent-2'].includes(name) ? { spec: { unschedulable: true } } : {}),
    }));
    const { steps } = planFor(cluster, provisionedFacts(cluster), { live: seen });
    expect(steps.map(({ id }) => id)).toEqual(['uncordon:agent-1:agent-1', 'await-nodes:server-1']);
  });
});

describe('the snapshot before an upgrade', () => {
  it('is saved on a member before the first server is touched', () => {
    const { steps } = plan({ snapshotFirst: true });
    expect(steps[0]).toMatchObject({ kind: 'save-snapshot', on: 'server-1', input: { name: 'before-v1.36.4-k3s1' } });
    expect(steps.find(({ id }) => id === 'put-aside:server-1')?.after).toContain('save-snapshot:server-1');
  });

  it('is saved once: a run that goes on with the upgrade has had it', () => {
    const facts = provisionedFacts(clusterOf());
    const first = facts.get('server-1');
    if (first !== undefined) facts.set('server-1', { ...first, k3sVersion: NEWER });
    const { steps } = planFor(wanted({ snapshotFirst: true }), facts);
    expect(steps.map(({ kind }) => kind)).not.toContain('save-snapshot');
  });

  it('is left out where the file says so, and where there is no embedded etcd', () => {
    expect(plan({}).steps.map(({ kind }) => kind)).not.toContain('save-snapshot');
    const mysql = { datastore: { type: 'mysql', endpoint: 'mysql://k3s:pw@tcp(10.0.0.50:3306)/k3s' } };
    expect(plan({ snapshotFirst: true }, undefined, mysql).steps.map(({ kind }) => kind)).not.toContain(
      'save-snapshot',
    );
  });
});
