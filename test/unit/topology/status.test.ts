import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { buildGraph } from '../../../src/core/topology/graph';
import type { NodeState } from '../../../src/core/topology/model';
import { overlayStatus, type NodeStatus } from '../../../src/core/topology/status';
import { CLUSTERS } from './clusters';

const graph = buildGraph(CLUSTERS['large'] as Cluster, []);
const agents = (state: (i: number) => NodeState): { id: string; state: NodeState; words: string }[] =>
  Array.from({ length: 1000 }, (_, i) => ({ id: `agent-${i + 1}`, state: state(i + 1), words: state(i + 1) }));

const overlay = (statuses: readonly NodeStatus[], isDrawn: (id: string) => boolean = () => true) =>
  overlayStatus(graph, statuses, isDrawn);

describe('live state over the graph', () => {
  it('a server and its etcd member show the state of the node', () => {
    const status = overlay([{ id: 'server-1', state: 'not-ready', words: 'kubelet stopped' }]);
    expect(status['server:server-1']).toEqual({ state: 'not-ready', words: 'kubelet stopped' });
    expect(status['etcd:server-1']).toEqual({ state: 'not-ready', words: 'kubelet stopped' });
    expect(status['server:server-2']).toBeUndefined();
  });

  it('a group sums up its agents and shows the state that needs attention most', () => {
    expect(overlay(agents(() => 'ready'))['agents']).toEqual({ state: 'ready', words: 'all ready' });
    expect(overlay(agents((i) => (i <= 3 ? 'not-ready' : 'ready')))['agents']).toEqual({
      state: 'not-ready',
      words: '3 not ready',
    });
    expect(overlay(agents((i) => (i === 1 ? 'failed' : i < 4 ? 'not-ready' : 'ready')))['agents']).toEqual({
      state: 'failed',
      words: '1 failed, 2 not ready',
    });
  });

  it('a group of which nothing is known says nothing', () => {
    expect(overlay([])['agents']).toBeUndefined();
  });

  it('other parts may be named by their own id', () => {
    expect(overlay([{ id: 'load-balancer', state: 'failed', words: 'refused' }])['load-balancer']).toEqual({
      state: 'failed',
      words: 'refused',
    });
  });
});
