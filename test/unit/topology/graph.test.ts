import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { buildGraph } from '../../../src/core/topology/graph';
import type { EdgeKind, PartKind, TopologyGraph } from '../../../src/core/topology/model';
import type { Finding } from '../../../src/core/rules/rule';
import { CLUSTERS, balancer, cluster, nodes } from './clusters';

const named = (name: string): TopologyGraph => buildGraph(CLUSTERS[name] as Cluster, []);
const ids = (graph: TopologyGraph, kind: PartKind): string[] =>
  graph.parts.filter((p) => p.kind === kind).map((p) => p.id);
const edges = (graph: TopologyGraph, kind: EdgeKind): string[] =>
  graph.edges.filter((e) => e.kind === kind).map((e) => `${e.from} > ${e.to} ${e.port}`);
const finding = (path: Finding['path'], message = 'm'): Finding => ({
  ruleId: 'r',
  severity: 'error',
  message,
  path,
  part: 'value',
});

describe('the graph of a cluster', () => {
  it('embedded etcd: every server has its member, members form a full mesh', () => {
    const graph = named('embedded-3');
    expect(ids(graph, 'etcd-member')).toEqual(['etcd:server-1', 'etcd:server-2', 'etcd:server-3']);
    expect(edges(graph, 'datastore')).toEqual([
      'server:server-1 > etcd:server-1 2379',
      'server:server-2 > etcd:server-2 2379',
      'server:server-3 > etcd:server-3 2379',
    ]);
    expect(edges(graph, 'peer')).toHaveLength(3);
    expect(edges(graph, 'forward')).toEqual([
      'load-balancer > server:server-1 6443',
      'load-balancer > server:server-2 6443',
      'load-balancer > server:server-3 6443',
    ]);
  });

  it('a server with disable-etcd is no member and reaches the members of the others', () => {
    const graph = buildGraph(
      cluster({ servers: nodes('server', 4, (i) => (i === 4 ? { config: { 'disable-etcd': true } } : {})) }),
      [],
    );
    expect(ids(graph, 'etcd-member')).toHaveLength(3);
    expect(edges(graph, 'datastore').filter((e) => e.startsWith('server:server-4'))).toHaveLength(3);
  });

  it('registration and the own load balancer of the agents are different paths', () => {
    const graph = named('embedded-3');
    expect(edges(graph, 'registration')).toEqual(['agents > load-balancer 6443']);
    expect(edges(graph, 'client-lb')).toEqual([
      'agents > server:server-1 6443',
      'agents > server:server-2 6443',
      'agents > server:server-3 6443',
    ]);
  });

  it('agents that name a server register there, and those that switch it off have no load balancer of their own', () => {
    expect(edges(named('pinned'), 'registration')).toEqual(['agents > server:server-1 6443']);
    const off = buildGraph(
      cluster({ agents: nodes('agent', 2, () => ({ config: { 'disable-apiserver-lb': true } })) }),
      [],
    );
    expect(edges(off, 'client-lb')).toEqual([]);
  });

  it('an address that the file does not describe becomes a part of its own', () => {
    const graph = buildGraph(
      cluster({ agents: nodes('agent', 2, () => ({ config: { server: 'https://k3s.example:6443' } })) }),
      [],
    );
    expect(ids(graph, 'address')).toEqual(['address:k3s.example']);
    expect(edges(graph, 'registration')).toEqual(['agents > address:k3s.example 6443']);
  });

  it('MySQL behind a load balancer: every server goes to the one endpoint', () => {
    const graph = named('mysql-slb');
    expect(graph.parts.find((p) => p.kind === 'database')).toMatchObject({
      label: 'rm-x.mysql.rds.aliyuncs.com:3306',
      detail: 'MySQL',
    });
    expect(edges(graph, 'datastore')).toEqual([
      'server:server-1 > datastore:0 3306',
      'server:server-2 > datastore:0 3306',
    ]);
  });

  it('external etcd: members are the endpoints of the file', () => {
    const graph = named('external-etcd');
    expect(graph.parts.filter((p) => p.kind === 'etcd-member').map((p) => p.label)).toEqual([
      '10.0.9.1:2379',
      '10.0.9.2:2379',
      '10.0.9.3:2379',
    ]);
    expect(edges(graph, 'datastore')).toHaveLength(6);
  });

  it('a single server holds its SQLite, and clients go to it', () => {
    const graph = named('single');
    expect(graph.parts.find((p) => p.kind === 'sqlite')).toMatchObject({ inside: 'server:server-1' });
    expect(edges(graph, 'api')).toEqual(['clients > server:server-1 6443']);
  });

  it('two HAProxy hosts share the address by VRRP and both forward', () => {
    const graph = named('two-zones');
    expect(edges(graph, 'vrrp')).toEqual(['balancer-host:lb-1 > balancer-host:lb-2 ']);
    expect(edges(graph, 'forward')).toHaveLength(6);
    expect(ids(graph, 'zone')).toEqual(['zone:rack-a', 'zone:rack-b']);
  });

  it('counts a thousand agents in one group', () => {
    expect(named('large').parts.find((p) => p.kind === 'agents')).toMatchObject({ label: '1000 agents', count: 1000 });
  });

  it('uses the port that the file gives', () => {
    const graph = buildGraph(
      cluster({
        loadBalancer: balancer({ port: 8443 }),
        servers: nodes('server', 1, () => ({ config: { 'https-listen-port': 7443 } })),
        agents: nodes('agent', 1),
      }),
      [],
    );
    expect(edges(graph, 'api')).toEqual(['clients > load-balancer 8443']);
    expect(edges(graph, 'forward')).toEqual(['load-balancer > server:server-1 7443']);
    expect(edges(graph, 'registration')).toEqual(['agents > load-balancer 8443']);
  });
});

describe('findings as marks', () => {
  const graph = buildGraph(CLUSTERS['two-zones'] as Cluster, [
    finding(['servers', 'nodes', 1, 'config', 'tls-san'], 'of server-2'),
    finding(['loadBalancer', 'nodes', 0], 'of lb-1'),
    finding(['loadBalancer', 'address'], 'of the address'),
    finding(['servers', 'config'], 'of all servers'),
    finding(['agents', 'nodes', 0], 'of agent-1'),
  ]);
  const messages = (id: string): string[] | undefined =>
    graph.parts.find((p) => p.id === id)?.marks.map((m) => m.message);

  it('go to the part whose entry contains them', () => {
    expect(messages('server:server-2')).toEqual(['of server-2']);
    expect(messages('server:server-1')).toEqual([]);
    expect(messages('balancer-host:lb-1')).toEqual(['of lb-1']);
    expect(messages('load-balancer')).toEqual(['of the address']);
  });

  it('of an agent also mark its group', () => {
    expect(messages('agent:agent-1')).toEqual(['of agent-1']);
    expect(messages('agents:rack-a')).toEqual(['of agent-1']);
  });

  it('of no part are about the cluster', () => {
    expect(graph.marks.map((m) => m.message)).toEqual(['of all servers']);
  });
});
