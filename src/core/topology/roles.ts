import type { Cluster, ClusterNode } from '../cluster/cluster';
import { optionIsOn } from '../cluster/options';
import { BALANCER, addressPart, serverPart } from './ids';
import { writtenList, writtenValue } from '../cluster/written';

/** Nodes that ordinary pods may run on: agents, and servers whose taints do not keep pods away. */
export function workloadNodes(cluster: Cluster): readonly ClusterNode[] {
  const open = (s: ClusterNode): boolean =>
    !optionIsOn(cluster, s, 'disable-agent') &&
    !writtenList(s, 'node-taint').some((taint) => /:No(Schedule|Execute)$/.test(taint));
  return [...cluster.servers.filter(open), ...cluster.agents];
}

/** Where a new agent registers when its own configuration does not say: the fixed address, else the first server. */
export function defaultRegistration(cluster: Cluster): string | undefined {
  if (cluster.loadBalancer !== undefined) return BALANCER;
  const first = cluster.servers[0];
  return first === undefined ? undefined : serverPart(first.id);
}

// Every agent and every host of the load balancer asks, several times for each picture.
const byName = serverIndex(({ host, address, name }) => [host, address, name]);
const byId = serverIndex(({ host, address, id }) => [host, address, id]);

/** The first server that has each of its texts, remembered for a cluster. */
function serverIndex(texts: (server: ClusterNode) => readonly (string | undefined)[]): {
  of(cluster: Cluster): ReadonlyMap<string, ClusterNode>;
} {
  const known = new WeakMap<Cluster, ReadonlyMap<string, ClusterNode>>();
  return {
    of(cluster) {
      const found = known.get(cluster) ?? firstBy(cluster.servers, texts);
      known.set(cluster, found);
      return found;
    },
  };
}

function firstBy(
  servers: readonly ClusterNode[],
  texts: (server: ClusterNode) => readonly (string | undefined)[],
): ReadonlyMap<string, ClusterNode> {
  const first = new Map<string, ClusterNode>();
  for (const server of servers)
    for (const text of texts(server)) if (text !== undefined && !first.has(text)) first.set(text, server);
  return first;
}

/** Part at which `agent` registers, from its `server` option. */
export function registrationTarget(cluster: Cluster, agent: ClusterNode): string | undefined {
  const url = writtenValue(agent, 'server');
  if (typeof url !== 'string') return defaultRegistration(cluster);
  const match = /^https:\/\/(\[[^\]]+\]|[^:/@\s]+)(?::\d+)?\/?$/.exec(url);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  if (host === undefined) return undefined;
  if (host === cluster.loadBalancer?.address) return BALANCER;
  const server = byName.of(cluster).get(host);
  return server === undefined ? addressPart(host) : serverPart(server.id);
}

/** An agent without its client load balancer talks to the registration address only. */
export function usesOwnBalancer(cluster: Cluster, agent: ClusterNode): boolean {
  return !optionIsOn(cluster, agent, 'disable-apiserver-lb');
}

/** The server on the same machine as a load balancer host. */
export function serverOnHost(cluster: Cluster, host: string): ClusterNode | undefined {
  return byId.of(cluster).get(host);
}

/** Does the certificate of `server` name `address`? K3s itself adds the node's own addresses and name. */
export function certificateNames(server: ClusterNode, address: string): boolean {
  return [server.host, server.address, server.name, ...writtenList(server, 'tls-san')].includes(address);
}

/** Zones in the order of the file, servers first. */
export function zonesOf(nodes: readonly ClusterNode[]): readonly (string | undefined)[] {
  return [...new Set(nodes.map((node) => node.zone))];
}
