import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { nodesOf } from '../../../src/core/cluster/roles';
import { snapshotOf } from '../../../src/views/diagram';
import { clusterRow } from '../../../src/views/explorer';
import type { ExplorerRow } from '../../../src/views/explorerRow';
import type { ClusterState } from '../../../src/views/clusterState';
import { NOW } from '../health/nodes';
import { localPath, node, pod, seen, withClaim } from '../workloads/objects';
import { NODES, fileState, withNodes } from './states';

const live = withNodes(fileState(), NODES);
const nodes = nodesOf(live.cluster).map(({ id, address }) => node(id, address));

function withPods(state: ClusterState, pods: readonly unknown[]): ClusterState {
  return {
    ...state,
    workloads: { ...seen({ nodes, pods, volumes: [localPath('shop/data', 'agent-1')] }), readAt: NOW },
  };
}

const workloads = (state: ClusterState): ExplorerRow | undefined =>
  clusterRow(state, 'edge.k3s.yaml').children.find(({ id }) => id === 'workloads');
const all = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(all)];

describe('workloads in the explorer', () => {
  it('are read when somebody opens their row, of a cluster that runs', () => {
    expect(workloads(fileState())).toBeUndefined();
    expect(workloads(live)).toMatchObject({ unread: true, description: '' });
  });

  it('are not said to go on where none run', () => {
    const row = workloads(withPods(live, []));
    expect([row?.description, row?.spoken]).toEqual(['no pods', 'no pods, as of 12:00 UTC']);
  });

  it('have no colour left when the API no longer answers', () => {
    const state = withPods(live, [pod('db', 'agent-1', withClaim('data'))]);
    const rows = (of: ClusterState): readonly ExplorerRow[] => [workloads(of) ?? []].flat().flatMap(all);
    expect(rows(state).some(({ color }) => color === 'warning')).toBe(true);
    const lost = rows({ ...state, live: { kind: 'lost', problem: problem('example', 'gone'), nodes: NODES } });
    expect(lost[0]?.description).toBe('as last seen');
    expect(new Set(lost.map(({ color }) => color))).toEqual(new Set(['stale']));
  });

  it('stand below the node that they stop with, the worst first, in few words', () => {
    const pods = [
      pod('web', 'agent-2'),
      pod('db', 'agent-1', withClaim('data')),
      pod('coredns', 'server-1', {}, { namespace: 'kube-system' }),
    ];
    const row = workloads(withPods(live, pods));
    expect(row?.description).toBe('1 stop · 2 pause');
    const attention = clusterRow(withPods(live, pods), 'edge.k3s.yaml').children.find(({ id }) => id === 'attention');
    expect(attention?.children.map(({ label }) => label)).toEqual(['Workloads']);
    expect(row?.children.map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'agent-1: 1 stop',
      'server-1: 1 pause',
      'agent-2: 1 pause',
      '4 others: nothing stops',
      'coredns: one pod',
    ]);
    expect(row?.children[0]?.children.map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'shop/db: local volume',
    ]);
    for (const { description } of row === undefined ? [] : all(row)) expect(description.length).toBeLessThanOrEqual(18);
    expect(new Set(all(row as ExplorerRow).map(({ id }) => id)).size).toBe(all(row as ExplorerRow).length);
  });

  it('make the what-if of the diagram tell what really stops', () => {
    const state = withPods(live, [pod('db', 'agent-1', withClaim('data'))]);
    const chosen = (parts: readonly string[]) =>
      snapshotOf(state, { expanded: [], chosen: parts }, 1).survival.workloads;
    expect(chosen(['agent:agent-1'])).toMatchObject({
      outcome: 'partly',
      reason: expect.stringContaining(
        'Deployment shop/db stops: its only pod goes, and its volume data lies on that node',
      ),
    });
    expect(chosen(['agent:agent-2']).outcome).toBe('yes');
    expect(chosen([]).reason).not.toContain('shop/db');
  });
});
