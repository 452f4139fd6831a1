import { describe, expect, test } from 'vitest';
import type { ClusterHealth } from '../../../src/core/health/clusterHealth';
import { clusterHealth } from '../../../src/core/health/clusterHealth';
import { nodeHealth } from '../../../src/core/health/nodeHealth';
import { apiNode, declaredCluster, declaredNode, NOW, SERVER_LABELS, SILENT, VOTER } from './nodes';

const cluster = declaredCluster(
  ['1', '2', '3'].map((n) => declaredNode('server', `10.0.0.1${n}`, `server-${n}`)),
  [declaredNode('agent', '10.0.1.1')],
);

const server = (n: number, more: Parameters<typeof apiNode>[0] = {}): unknown =>
  apiNode({ name: `server-${n}`, ip: `10.0.0.1${n}`, labels: SERVER_LABELS, etcd: VOTER, ...more });
const agent = apiNode({ name: 'box-a', ip: '10.0.1.1' });
const healthOf = (...nodes: unknown[]): ClusterHealth =>
  clusterHealth(
    cluster,
    nodes.map((node) => nodeHealth(node, NOW)),
  );

describe('clusterHealth', () => {
  test('all is well', () => {
    const health = healthOf(server(1), server(2), server(3), agent);
    expect(health).toMatchObject({
      level: 'healthy',
      verdict: '3 of 3 servers ready; etcd keeps quorum (3 of 3); 1 of 1 agent ready',
      undeclared: [],
      simulated: false,
    });
    expect(health.nodes.map(({ node, live }) => [node.id, live?.name])).toEqual([
      ['server-1', 'server-1'],
      ['server-2', 'server-2'],
      ['server-3', 'server-3'],
      ['10.0.1.1', 'box-a'],
    ]);
  });

  test('the address of one machine on another one names both, whatever else is well', () => {
    const has = (object: unknown, address: string): unknown => {
      const node = object as { status: { addresses: unknown[] } };
      return {
        ...node,
        status: { ...node.status, addresses: [...node.status.addresses, { type: 'InternalIP', address }] },
      };
    };
    expect(healthOf(server(1), has(server(2), '10.0.0.11'), server(3), agent)).toMatchObject({
      level: 'degraded',
      verdict: expect.stringContaining('server-2 has 10.0.0.11, the address of server-1') as string,
    });
  });

  test('one server is down: quorum holds', () => {
    const health = healthOf(server(1), server(2), server(3, { ready: SILENT }), agent);
    expect(health).toMatchObject({
      level: 'degraded',
      verdict: '2 of 3 servers ready; etcd keeps quorum (2 of 3); 1 of 1 agent ready',
      etcd: { voters: 3, alive: 2, needed: 2 },
    });
    expect(health.nodes[2]).toMatchObject({
      state: 'unknown',
      words: 'unreachable: its kubelet stopped reporting 2 min ago',
    });
  });

  test('two servers are down: quorum is lost', () => {
    expect(healthOf(server(1), server(2, { ready: SILENT }), server(3, { ready: SILENT }), agent)).toMatchObject({
      level: 'critical',
      verdict: '1 of 3 servers ready; etcd has lost its quorum (1 of 3, 2 needed); 1 of 1 agent ready',
    });
  });

  test('a member that fails its health check costs its vote though its node is ready', () => {
    expect(
      healthOf(server(1), server(2), server(3, { etcd: { status: 'False', reason: 'Unhealthy' } }), agent),
    ).toMatchObject({
      level: 'degraded',
      verdict:
        '3 of 3 servers ready; etcd keeps quorum (2 of 3); 1 of 1 agent ready; the etcd member of server-3 does not answer its health check',
    });
  });

  test('a learner has no vote', () => {
    expect(
      healthOf(server(1), server(2), server(3, { etcd: { status: 'False', reason: 'MemberIsLearner' } }), agent),
    ).toMatchObject({
      level: 'degraded',
      etcd: { voters: 2, alive: 2, needed: 2 },
      verdict: expect.stringContaining('the etcd member of server-3 is still copying the data') as string,
    });
  });

  test('missing and unknown nodes are named', () => {
    const health = healthOf(server(1), server(2), agent, apiNode({ name: 'stranger', ip: '10.9.9.9' }));
    expect(health.verdict).toBe(
      '2 of 3 servers ready; etcd keeps quorum (2 of 2); 1 of 1 agent ready; server-3 is not in the cluster; stranger is not in the file',
    );
    expect(health.nodes[2]).toMatchObject({ state: 'absent', words: 'not in the cluster' });
    expect(health.undeclared.map(({ name }) => name)).toEqual(['stranger']);
  });

  test('nothing answers', () => {
    expect(healthOf()).toMatchObject({
      level: 'critical',
      verdict: expect.stringMatching(/^0 of 3 servers ready/) as string,
    });
  });

  test('an external datastore has no quorum to speak of', () => {
    const external = { ...cluster, datastore: { type: 'mysql' as const } };
    const nodes = [
      server(1, { etcd: undefined }),
      server(2, { etcd: undefined }),
      server(3, { etcd: undefined }),
      agent,
    ].map((node) => nodeHealth(node, NOW));
    expect(clusterHealth(external, nodes)).toMatchObject({
      level: 'healthy',
      verdict: '3 of 3 servers ready; 1 of 1 agent ready',
    });
  });
});

describe('matching declared and live nodes', () => {
  const match = (declared: ReturnType<typeof declaredNode>, ...nodes: unknown[]): string | undefined =>
    clusterHealth(
      declaredCluster([declared]),
      nodes.map((node) => nodeHealth(node, NOW)),
    ).nodes[0]?.live?.name;

  test.each([
    ['its name', declaredNode('server', 'a.example.com', 'S1'), 's1'],
    ['its name with a node id', declaredNode('server', 'a.example.com', 's1'), 's1-0a1b2c3d'],
    ['the host name K3s takes when the file gives none', declaredNode('server', 'box-a.example.com'), 'box-a'],
    ['its address', declaredNode('server', '10.0.0.11'), 'whatever'],
  ])('by %s', (_, declared, live) => {
    expect(match(declared, apiNode({ name: live, ip: '10.0.0.11' }))).toBe(live);
  });

  test('a longer name is another node', () => {
    expect(
      match(declaredNode('server', '10.0.0.1', 's1'), apiNode({ name: 's1-backup', ip: '10.0.0.2' })),
    ).toBeUndefined();
  });

  test('the name wins over an address that another node has taken over', () => {
    const a = apiNode({ name: 'a', ip: '10.0.0.2' });
    const b = apiNode({ name: 'b', ip: '10.0.0.1' });
    expect(match(declaredNode('server', '10.0.0.1', 'a'), b, a)).toBe('a');
  });

  test('1,000 nodes are matched', () => {
    const agents = Array.from({ length: 1000 }, (_, i) => declaredNode('agent', `10.1.${i >> 8}.${i & 255}`));
    const live = agents.map(({ host }, i) => nodeHealth(apiNode({ name: `n${i}`, ip: host }), NOW)).reverse();
    expect(clusterHealth(declaredCluster([], agents), live).verdict).toContain('1000 of 1000 agents ready');
  });
});
