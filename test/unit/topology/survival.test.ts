import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { survives } from '../../../src/core/topology/survival';
import { serverTolerance, singlePointsOfFailure, verdict } from '../../../src/core/topology/verdict';
import { subsets } from '../../support/subsets';
import { CLUSTERS, balancer, cluster, nodes, without } from './clusters';

const named = (name: string): Cluster => CLUSTERS[name] as Cluster;
const serverIds = (source: Cluster): string[] => source.servers.map((s) => `server:${s.id}`);

/** The largest k such that no k failing servers stop the API, found by trying every set. */
function toleranceByTrial(source: Cluster): number {
  const fatal = subsets(serverIds(source))
    .filter((set) => survives(source, set).api.outcome === 'no')
    .map((set) => set.length);
  return Math.max(0, Math.min(...fatal) - 1);
}

describe('embedded etcd, every set of failing servers up to seven', () => {
  // Written down from the etcd rule, not computed: members → failures that it tolerates.
  const TOLERATED: Record<number, number> = { 1: 0, 2: 0, 3: 1, 4: 1, 5: 2, 6: 2, 7: 3 };

  it.each([1, 2, 3, 4, 5, 6, 7])('%i servers', (n) => {
    const source = cluster({ servers: nodes('server', n) });
    for (const failed of subsets(serverIds(source))) {
      const alive = n - failed.length;
      const majority = alive * 2 > n;
      const result = survives(source, failed);
      expect(result.api.outcome === 'no', `${failed.join()} of ${n}`).toBe(!majority);
      expect(result.join.outcome === 'no').toBe(!majority);
      expect(result.kubeconfig.outcome === 'no').toBe(!majority);
      expect(result.quorum).toMatchObject({ members: n, alive });
      expect((result.quorum?.margin ?? NaN) >= 0).toBe(majority);
    }
    expect(serverTolerance(source)).toBe(TOLERATED[n]);
  });

  it.each([1, 2, 3, 4, 5])('%i external etcd members', (n) => {
    const endpoint = Array.from({ length: n }, (_, i) => `https://10.0.9.${i + 1}:2379`).join(',');
    const source = cluster({ datastore: { type: 'etcd', endpoint } });
    for (const failed of subsets(Array.from({ length: n }, (_, i) => `datastore:${i}`))) {
      expect(survives(source, failed).api.outcome === 'no').toBe((n - failed.length) * 2 <= n);
    }
  });
});

describe('server tolerance', () => {
  const mixed: Record<string, Cluster> = {
    ...Object.fromEntries(Object.entries(CLUSTERS).filter(([name]) => name !== 'large')),
    'etcd-only members': cluster({
      servers: nodes('server', 5, (i) => ({ config: { [i <= 3 ? 'disable-apiserver' : 'disable-etcd']: true } })),
    }),
    'balancer on the servers': cluster({
      loadBalancer: balancer({ type: 'haproxy', nodes: ['10.0.0.11', '10.0.0.12'] }),
      servers: nodes('server', 5),
    }),
    'balancer on one server': cluster({ loadBalancer: balancer({ type: 'nginx', nodes: ['10.0.0.11'] }) }),
    'no fixed address': without(cluster(), 'loadBalancer'),
    'sqlite on two': cluster({ datastore: { type: 'sqlite' }, servers: nodes('server', 2) }),
  };
  it.each(Object.keys(mixed))('%s: the formula agrees with trying every set', (name) => {
    const source = mixed[name] as Cluster;
    expect(serverTolerance(source)).toBe(toleranceByTrial(source));
  });
});

describe('what falls with a part', () => {
  it('a server takes its etcd member along, and the member its server', () => {
    expect(survives(named('embedded-3'), ['etcd:server-1']).failed).toEqual(['etcd:server-1', 'server:server-1']);
  });

  it('a zone takes its nodes; with two of three servers in it, quorum is lost', () => {
    const result = survives(named('two-zones'), ['zone:rack-a']);
    expect(result.failed).toEqual(
      expect.arrayContaining(['server:server-1', 'server:server-2', 'agents:rack-a', 'agent:agent-4']),
    );
    expect(result.api.outcome).toBe('no');
    expect(survives(named('two-zones'), ['zone:rack-b']).api.outcome).toBe('yes');
  });

  it('the address is lost with the last of its hosts', () => {
    const source = named('two-zones');
    expect(survives(source, ['balancer-host:lb-1']).api.outcome).toBe('yes');
    const both = survives(source, ['balancer-host:lb-1', 'balancer-host:lb-2']);
    expect(both.failed).toContain('load-balancer');
    expect(both.api.outcome).toBe('no');
  });
});

describe('each question on its own', () => {
  it('without the load balancer workloads go on, because agents know the servers; nothing new joins', () => {
    const result = survives(named('embedded-3'), ['load-balancer']);
    expect(result).toMatchObject({
      api: { outcome: 'no' },
      datastore: { outcome: 'yes' },
      join: { outcome: 'no' },
      workloads: { outcome: 'yes' },
      kubeconfig: { outcome: 'no' },
    });
    expect(result.api.reason).toContain('server-1, server-2 and server-3');
    expect(result.workloads.reason).toContain('directly');
  });

  it('agents without their own load balancer are cut off with it', () => {
    const source = cluster({ agents: nodes('agent', 2, () => ({ config: { 'disable-apiserver-lb': true } })) });
    expect(survives(source, ['load-balancer']).workloads).toMatchObject({
      outcome: 'partly',
      reason: expect.stringContaining('2 agents') as unknown,
    });
  });

  it('pinned agents: new ones cannot join without that server, though the API answers', () => {
    const result = survives(named('pinned'), ['server:server-1']);
    expect(result.api.outcome).toBe('yes');
    expect(result.join).toEqual({ outcome: 'no', reason: 'New nodes register at server-1, which is down.' });
  });

  it('without quorum containers run on but nothing is replaced', () => {
    expect(survives(named('embedded-3'), ['server:server-1', 'server:server-2']).workloads).toEqual({
      outcome: 'partly',
      reason:
        'Containers run on at 5 nodes, but nothing is rescheduled, scaled or updated. Pods of 2 lost nodes are not replaced.',
    });
  });

  it('the last margin is said', () => {
    expect(survives(named('embedded-3'), ['server:server-1']).datastore).toMatchObject({
      outcome: 'partly',
      reason: expect.stringContaining('next failure') as unknown,
    });
  });

  it('tainted servers alone run no workloads', () => {
    const source = cluster({
      servers: nodes('server', 3, () => ({ config: { 'node-taint': ['CriticalAddonsOnly=true:NoExecute'] } })),
    });
    expect(survives(source, []).workloads.outcome).toBe('no');
  });

  it('a kubeconfig fails where certificates do not name the address', () => {
    const bare = (i: number): { config: Record<string, string[]> } => ({ config: i === 2 ? { 'tls-san': [] } : {} });
    expect(survives(cluster({ servers: nodes('server', 3, bare) }), []).kubeconfig).toMatchObject({
      outcome: 'partly',
      reason: expect.stringContaining('server-2') as unknown,
    });
    expect(
      survives(cluster({ servers: nodes('server', 3, () => ({ config: { 'tls-san': [] } })) }), []).kubeconfig.outcome,
    ).toBe('no');
    expect(
      survives(
        cluster({ servers: nodes('server', 3, () => ({ config: { 'tls-san': 'api.example,10.0.0.100' } })) }),
        [],
      ).kubeconfig.outcome,
    ).toBe('yes');
  });

  it('DNS still names servers that are down', () => {
    expect(
      survives(cluster({ loadBalancer: balancer({ type: 'dns', address: 'k3s.example' }) }), ['server:server-1']).api
        .outcome,
    ).toBe('partly');
  });

  it('the datastore of MySQL is needed by every server', () => {
    expect(survives(named('mysql-slb'), ['datastore:0']).api.outcome).toBe('no');
    expect(survives(named('mysql-slb'), ['server:server-1']).api.outcome).toBe('yes');
  });

  it('NATS needs a majority only when it replicates', () => {
    const nats = (parameters: string): Cluster =>
      cluster({ datastore: { type: 'nats', endpoint: `nats://a:4222,nats://b:4222,nats://c:4222${parameters}` } });
    expect(survives(nats('?replicas=3'), ['datastore:0']).api.outcome).toBe('yes');
    expect(survives(nats(''), ['datastore:0']).api.outcome).toBe('no');
  });

  it('unknown parts change nothing', () => {
    expect(survives(named('embedded-3'), ['server:gone']).api.outcome).toBe('yes');
  });
});

describe('the verdict in one line', () => {
  it.each([
    ['embedded-3', 'Survives the loss of any 1 of 3 servers; relies on load balancer 10.0.0.100 being redundant.'],
    [
      'embedded-5-zones',
      'Survives the loss of any 2 of 5 servers; survives the loss of any one of 3 zones; relies on load balancer 10.0.0.100 being redundant.',
    ],
    ['two-zones', 'Survives the loss of any 1 of 3 servers; losing zone rack-a stops it.'],
    [
      'mysql-slb',
      'Survives the loss of any 1 of 2 servers; relies on load balancer 10.0.0.100 and datastore rm-x.mysql.rds.aliyuncs.com:3306 being redundant.',
    ],
    ['external-etcd', 'Survives the loss of any 1 of 2 servers.'],
    ['single', 'One server: the cluster stops with it.'],
  ])('%s', (name, expected) => {
    expect(verdict(named(name))).toBe(expected);
  });

  it.each([
    ['no servers', cluster({ servers: [] }), 'No servers yet: add one to start, three for high availability.'],
    [
      'one HAProxy host',
      cluster({ loadBalancer: balancer({ type: 'haproxy', nodes: ['lb-1'] }) }),
      'Survives the loss of any 1 of 3 servers; load balancer lb-1 is a single point of failure.',
    ],
    [
      'two etcd servers',
      cluster({ servers: nodes('server', 2) }),
      'Does not survive the loss of a server: etcd needs both members; relies on load balancer 10.0.0.100 being redundant.',
    ],
    [
      'no fixed address',
      without(cluster(), 'loadBalancer'),
      'Does not survive the loss of server-1: there is no fixed address.',
    ],
  ])('%s', (_, source, expected) => {
    expect(verdict(source)).toBe(expected);
  });

  it('names each single point with its reason', () => {
    const points = singlePointsOfFailure(cluster({ loadBalancer: balancer({ type: 'nginx', nodes: ['lb-1'] }) }));
    expect(points).toEqual([
      {
        partId: 'balancer-host:lb-1',
        label: 'load balancer lb-1',
        certain: true,
        reason:
          'The load balancer 10.0.0.100 is down. Still answering at their own addresses: server-1, server-2 and server-3.',
      },
    ]);
  });
});
