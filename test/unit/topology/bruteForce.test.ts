import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../src/core/cluster/cluster';
import { cutSets } from '../../../src/core/topology/cutSets';
import { networkPart } from '../../../src/core/topology/ids';
import { maintenance } from '../../../src/core/topology/maintenance';
import { survives } from '../../../src/core/topology/survival';
import { subsets } from '../../support/subsets';
import { CLUSTERS, balancer, cluster, nodes, thirds, without } from './clusters';

/**
 * The rules stated once more, by playing a request through: the client takes the fixed address, which knows every
 * server (without one, the first server); a server that runs asks its datastore; etcd answers where some member hears from a majority, itself included.
 */
function apiAnswers(source: Cluster, failed: readonly string[]): boolean {
  const out = new Set(failed);
  const runs = (server: ClusterNode): boolean =>
    !out.has(`server:${server.id}`) &&
    !out.has(`etcd:${server.id}`) &&
    !out.has(`sqlite:${server.id}`) &&
    !(server.zone !== undefined && out.has(`zone:${server.zone}`));
  const talk = (a: ClusterNode, b: ClusterNode): boolean =>
    a === b ||
    a.zone === undefined ||
    b.zone === undefined ||
    !(out.has(`network:${a.zone}|${b.zone}`) || out.has(`network:${b.zone}|${a.zone}`));
  const datastoreServes = (server: ClusterNode): boolean => {
    const { type } = source.datastore;
    if (type === 'sqlite') return server === source.servers[0];
    if (type === 'embedded-etcd') {
      const members = source.servers.filter((candidate) => candidate.config['disable-etcd'] !== true);
      const electable = members
        .filter(runs)
        .filter(
          (leader) => members.filter((member) => runs(member) && talk(leader, member)).length > members.length / 2,
        );
      return electable.some((leader) =>
        members.includes(server)
          ? talk(server, leader)
          : members.some((member) => runs(member) && talk(server, member) && talk(member, leader)),
      );
    }
    const endpoints = (source.datastore.endpoint ?? '').split(',').length;
    const up = Array.from({ length: endpoints }, (_none, i) => i).filter((i) => !out.has(`datastore:${i}`)).length;
    return type === 'etcd' ? up > endpoints / 2 : up === endpoints;
  };
  const serves = (server: ClusterNode): boolean =>
    runs(server) && server.config['disable-apiserver'] !== true && datastoreServes(server);
  const { loadBalancer, servers } = source;
  if (loadBalancer === undefined) return servers[0] !== undefined && serves(servers[0]);
  if (out.has('load-balancer')) return false;
  if (loadBalancer.nodes.length === 0) return servers.some(serves);
  // A load balancer on a server's machine reaches what that machine reaches.
  return loadBalancer.nodes.some(({ host }) => {
    const machine = servers.find((server) => server.host === host);
    return (
      !out.has(`balancer-host:${host}`) &&
      (machine === undefined
        ? servers.some(serves)
        : runs(machine) && servers.some((server) => serves(server) && talk(machine, server)))
    );
  });
}

const LAYOUTS: Record<string, Cluster> = {
  ...Object.fromEntries(Object.entries(CLUSTERS).filter(([name]) => name !== 'large' && name !== 'embedded-5-zones')),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map((n) => [`${n} servers in three zones`, cluster({ servers: nodes('server', n, thirds) })]),
  ),
  'etcd apart from the API': cluster({
    servers: nodes('server', 5, (i) => ({
      ...thirds(i),
      config: { [i <= 3 ? 'disable-apiserver' : 'disable-etcd']: true },
    })),
  }),
  'HAProxy on the servers': cluster({
    loadBalancer: balancer({ type: 'haproxy', nodes: ['10.0.0.11', '10.0.0.12'] }),
    servers: nodes('server', 3, thirds),
  }),
  'no fixed address, two zones': without(
    cluster({ servers: nodes('server', 3, (i) => ({ zone: i === 1 ? 'rack-a' : 'rack-b' })) }),
    'loadBalancer',
  ),
  'a server outside of the zones': cluster({ servers: nodes('server', 3, (i) => (i === 3 ? {} : thirds(i))) }),
  'SQLite on two servers in two zones': cluster({ datastore: { type: 'sqlite' }, servers: nodes('server', 2, thirds) }),
};

function failable(source: Cluster): string[] {
  const zones = [...new Set(source.servers.flatMap(({ zone }) => (zone === undefined ? [] : [zone])))];
  return [
    ...source.servers.map(({ id }) => `server:${id}`),
    ...(source.loadBalancer === undefined
      ? []
      : ['load-balancer', ...source.loadBalancer.nodes.map((host) => `balancer-host:${host}`)]),
    ...(source.datastore.endpoint === undefined
      ? []
      : source.datastore.endpoint.split(',').map((_endpoint, i) => `datastore:${i}`)),
    ...zones.flatMap((a, i) => zones.slice(i + 1).map((b) => networkPart(a, b))),
  ];
}

describe('whether the API answers, for every set of failures', () => {
  it.each(Object.entries(LAYOUTS))('%s', (_name, source) => {
    const parts = failable(source);
    expect(parts.length).toBeLessThanOrEqual(11);
    for (const failed of subsets(parts))
      expect(survives(source, failed).api.outcome !== 'no', failed.join()).toBe(apiAnswers(source, failed));
  });

  it('a zone is as good as its servers', () => {
    for (const source of Object.values(LAYOUTS)) {
      for (const zone of new Set(source.servers.flatMap((server) => server.zone ?? []))) {
        const own = source.servers.filter((server) => server.zone === zone).map(({ id }) => `server:${id}`);
        expect(survives(source, [`zone:${zone}`]).api.outcome).toBe(survives(source, own).api.outcome);
      }
    }
  });
});

describe('the smallest sets that take the API down', () => {
  it.each(Object.entries(LAYOUTS))(
    '%s: each set does, no smaller one does, and no other of up to three parts is left out',
    (_name, source) => {
      const parts = failable(source).filter((id) => !id.startsWith('network:'));
      const deadly = subsets(parts).filter((set) => set.length <= 3 && !apiAnswers(source, set));
      const minimal = deadly.filter(
        (set) => !deadly.some((other) => other.length < set.length && other.every((id) => set.includes(id))),
      );
      for (const { partIds, words } of cutSets(source)) {
        expect(apiAnswers(source, partIds), words).toBe(false);
        for (const id of partIds)
          expect(
            apiAnswers(
              source,
              partIds.filter((other) => other !== id),
            ),
            words,
          ).toBe(true);
      }
      // A load balancer as a whole stands for its hosts, and hosts on servers for these.
      const told = new Set(cutSets(source).map(({ partIds }) => partIds.length));
      const bySize = new Set(
        minimal
          .filter((set) => !set.includes('load-balancer') || (source.loadBalancer?.nodes.length ?? 0) === 0)
          .filter(
            (set) =>
              !set.some(
                (id) => id.startsWith('balancer-host:') && source.servers.some(({ host }) => id.endsWith(host)),
              ),
          )
          .map((set) => set.length),
      );
      for (const size of bySize) if (source.loadBalancer?.type !== 'kube-vip' || size > 1) expect(told).toContain(size);
    },
  );

  it.each<[string, Cluster, string[]]>([
    ['three etcd servers', CLUSTERS['embedded-3'] as Cluster, ['load balancer 10.0.0.100', 'any 2 of 3 servers']],
    [
      'HAProxy on two hosts',
      CLUSTERS['two-zones'] as Cluster,
      ['load balancer lb-1 and load balancer lb-2', 'any 2 of 3 servers'],
    ],
    [
      'a database',
      CLUSTERS['mysql-slb'] as Cluster,
      ['load balancer 10.0.0.100', 'datastore rm-x.mysql.rds.aliyuncs.com:3306', 'server-1 and server-2'],
    ],
    ['external etcd', CLUSTERS['external-etcd'] as Cluster, ['any 2 of 3 datastore members', 'server-1 and server-2']],
    ['a thousand agents', CLUSTERS['large'] as Cluster, ['load balancer 10.0.0.100', 'any 2 of 3 servers']],
  ])('of %s in words', (_name, source, words) => expect(cutSets(source).map((set) => set.words)).toEqual(words));
});

describe('a cut network', () => {
  const zones = cluster({
    servers: nodes('server', 3, (i) => ({ zone: i === 3 ? 'rack-b' : 'rack-a' })),
    agents: nodes('agent', 4, (i) => ({ zone: i % 2 === 0 ? 'rack-a' : 'rack-b' })),
  });
  const cut = survives(zones, [networkPart('rack-a', 'rack-b')]);

  it('leaves the side with the majority at work, and says who stands apart', () => {
    expect(cut.api.outcome).toBe('partly');
    expect(cut.api.reason).toContain(
      'The network rack-a – rack-b is cut: server-3 stands apart from the majority and 2 agents reach no server that works.',
    );
    expect(cut.cutOff).toEqual(['agent:agent-1', 'agent:agent-3', 'agents:rack-b', 'etcd:server-3', 'server:server-3']);
    expect(cut.quorum).toEqual({ members: 3, needed: 2, alive: 2, margin: 0 });
  });

  it('stops etcd where no side has the majority', () => {
    const even = cluster({ servers: nodes('server', 4, (i) => ({ zone: i > 2 ? 'rack-b' : 'rack-a' })) });
    expect(survives(even, [networkPart('rack-a', 'rack-b')])).toMatchObject({
      api: { outcome: 'no' },
      quorum: { alive: 2, needed: 3, margin: -1 },
    });
  });

  it('between two of three zones depends on the leader', () => {
    const three = cluster({ servers: nodes('server', 3, thirds) });
    expect(survives(three, [networkPart('rack-a', 'rack-b')])).toMatchObject({
      cutOff: [],
      api: {
        outcome: 'partly',
        reason: expect.stringContaining('one of server-1 and server-2 stands apart') as unknown,
      },
    });
  });
});

describe('maintenance', () => {
  it.each<[string, Cluster, string[], string, string, string]>([
    ['a server of three', CLUSTERS['embedded-3'] as Cluster, [], 'server:server-2', 'partly', 'no other may fail'],
    [
      'a second server of three',
      CLUSTERS['embedded-3'] as Cluster,
      ['server:server-1'],
      'server:server-2',
      'no',
      'No: the API would be gone. No server can answer without its datastore. Quorum is lost',
    ],
    ['a server of five', CLUSTERS['embedded-5-zones'] as Cluster, [], 'server:server-2', 'yes', 'one at a time'],
    [
      'a server on a database',
      CLUSTERS['mysql-slb'] as Cluster,
      [],
      'server:server-1',
      'partly',
      'a single server is left',
    ],
    ['an agent', CLUSTERS['embedded-3'] as Cluster, [], 'agent:agent-1', 'yes', 'Drain it first'],
    [
      'the server that agents register at',
      CLUSTERS['pinned'] as Cluster,
      [],
      'server:server-1',
      'partly',
      'Meanwhile no node can join',
    ],
    [
      'one of two load balancer hosts',
      CLUSTERS['two-zones'] as Cluster,
      [],
      'balancer-host:lb-1',
      'yes',
      'one at a time',
    ],
    [
      'the other one',
      CLUSTERS['two-zones'] as Cluster,
      ['balancer-host:lb-1'],
      'balancer-host:lb-2',
      'no',
      'the API would be gone',
    ],
    ['what is down', CLUSTERS['embedded-3'] as Cluster, ['server:server-2'], 'server:server-2', 'yes', 'down already'],
    ['the zone with the majority', CLUSTERS['two-zones'] as Cluster, [], 'zone:rack-a', 'no', 'the API would be gone'],
  ])('of %s', (_name, source, chosen, partId, outcome, words) => {
    const answer = maintenance(source, chosen, partId);
    expect(answer.reason).toContain(words);
    expect(answer.outcome).toBe(outcome);
  });
});
