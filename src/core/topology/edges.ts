import type { Cluster } from '../cluster/cluster';
import { API_PORT, apiPort } from '../cluster/options';
import { apiServers, etcdMembers } from '../cluster/roles';
import { shownEndpoints } from './endpoints';
import { BALANCER, CLIENTS, agentsPart, balancerHostPart, datastorePart, memberPart, serverPart } from './ids';
import type { Edge, EdgeKind } from './model';
import { registrationTarget, usesOwnBalancer, zonesOf } from './roles';

/** The network paths between the parts of a cluster; those of agents start at the group of their zone. */
export function clusterEdges(cluster: Cluster): Edge[] {
  return [...accessEdges(cluster), ...datastoreEdges(cluster), ...agentEdges(cluster)];
}

function accessEdges(cluster: Cluster): Edge[] {
  const balancer = cluster.loadBalancer;
  if (balancer === undefined)
    return cluster.servers
      .slice(0, 1)
      .map((first) => edge('api', CLIENTS, serverPart(first.id), String(apiPort(cluster, first))));
  const hosts = balancer.nodes.map(({ host }) => balancerHostPart(host));
  const senders = hosts.length > 0 ? hosts : [BALANCER];
  return [
    edge('api', CLIENTS, BALANCER, String(balancer.port)),
    ...hosts.map((host) => edge('api', BALANCER, host, String(balancer.port))),
    ...hosts.slice(1).map((host, i) => edge('vrrp', hosts[i] ?? host, host, '', 'VRRP')),
    ...senders.flatMap((from) =>
      apiServers(cluster).map((server) =>
        edge('forward', from, serverPart(server.id), String(apiPort(cluster, server))),
      ),
    ),
  ];
}

function datastoreEdges(cluster: Cluster): Edge[] {
  const { datastore } = cluster;
  const members = etcdMembers(cluster);
  if (datastore.type === 'embedded-etcd') {
    const voters = new Set(members.map((m) => m.id));
    return [
      ...members.map((m) => edge('datastore', serverPart(m.id), memberPart(m.id), '2379')),
      ...cluster.servers
        .filter((s) => !voters.has(s.id))
        .flatMap((s) => members.map((m) => edge('datastore', serverPart(s.id), memberPart(m.id), '2379'))),
      ...pairs(
        members.map((m) => memberPart(m.id)),
        '2379–2380',
      ),
    ];
  }
  if (datastore.type === 'sqlite') return [];
  const endpoints = shownEndpoints(datastore);
  return [
    ...cluster.servers.flatMap((s) =>
      endpoints.map((e, i) => edge('datastore', serverPart(s.id), datastorePart(i), String(e.port))),
    ),
    ...(datastore.type === 'etcd'
      ? pairs(
          endpoints.map((_, i) => datastorePart(i)),
          '2380',
        )
      : []),
  ];
}

function agentEdges(cluster: Cluster): Edge[] {
  return zonesOf(cluster.agents).flatMap((zone) => {
    const agents = cluster.agents.filter((a) => a.zone === zone);
    const from = agentsPart(zone);
    const targets = new Set(agents.map((a) => registrationTarget(cluster, a)).filter((t) => t !== undefined));
    const port = (target: string): string => {
      const server = cluster.servers.find((s) => serverPart(s.id) === target);
      return String(server !== undefined ? apiPort(cluster, server) : (cluster.loadBalancer?.port ?? API_PORT));
    };
    return [
      ...[...targets].map((to) => edge('registration', from, to, port(to))),
      ...(agents.some((agent) => usesOwnBalancer(cluster, agent))
        ? apiServers(cluster).map((s) => edge('client-lb', from, serverPart(s.id), String(apiPort(cluster, s))))
        : []),
    ];
  });
}

function pairs(ids: readonly string[], port: string): Edge[] {
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b) => edge('peer', a, b, port)));
}

function edge(kind: EdgeKind, from: string, to: string, port: string, protocol: Edge['protocol'] = 'TCP'): Edge {
  return { id: `${kind}:${from}>${to}`, kind, from, to, port, protocol };
}
