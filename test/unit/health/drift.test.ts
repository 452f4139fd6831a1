import { describe, expect, it } from 'vitest';
import { clusterHealth } from '../../../src/core/health/clusterHealth';
import { drift, liveFacts } from '../../../src/core/health/drift';
import { nodeHealth } from '../../../src/core/health/nodeHealth';
import { apiNode, declaredCluster, declaredNode, NOW, SERVER_LABELS, VOTER } from './nodes';

const cluster = {
  ...declaredCluster(
    ['1', '2'].map((n) => declaredNode('server', `10.0.0.1${n}`, `server-${n}`)),
    [],
  ),
  k3s: { version: 'v1.36.3+k3s1', install: { method: 'script' as const, scriptUrl: 'https://get.k3s.io', env: {} } },
};
const driftOf = (...nodes: unknown[]) =>
  drift(
    cluster,
    clusterHealth(
      cluster,
      nodes.map((node) => nodeHealth(node, NOW)),
    ),
  );
const server = (n: number, more: Parameters<typeof apiNode>[0] = {}): unknown =>
  apiNode({ name: `server-${n}`, ip: `10.0.0.1${n}`, labels: SERVER_LABELS, etcd: VOTER, ...more });

describe('where the cluster is not as the file says', () => {
  it('is nothing when all is as written', () =>
    expect(driftOf(server(1, { version: 'v1.36.3+k3s1' }), server(2, { version: 'v1.36.3+k3s1' }))).toEqual({
      nodes: new Map(),
      releases: new Map(),
      general: [],
    }));

  it('names another release, another role, and nodes that the file does not have', () => {
    const found = driftOf(
      server(1, { version: 'v1.35.7+k3s1' }),
      apiNode({ name: 'server-2', ip: '10.0.0.12', version: 'v1.36.3+k3s1' }),
      server(9, { version: 'v1.36.3+k3s1' }),
    );
    expect(found.nodes.get('server-1')).toEqual(['runs v1.35.7+k3s1, the file says v1.36.3+k3s1']);
    expect(found.nodes.get('server-2')).toEqual(['is an agent, the file says server']);
    expect(found.general).toEqual(['server-9 is in the cluster and not in the file']);
  });

  it('tells what a live node is', () => {
    expect(liveFacts(nodeHealth(server(1, { version: 'v1.36.3+k3s1' }), NOW))).toEqual(
      expect.arrayContaining(['K3s v1.36.3+k3s1', 'etcd: voter']),
    );
  });
});
