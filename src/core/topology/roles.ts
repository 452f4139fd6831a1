import type { Cluster, ClusterNode, ConfigValue } from '../spec/cluster';
import { BALANCER, addressPart, serverPart } from './ids';

export const API_PORT = 6443;

/** Servers that vote in embedded etcd; `disable-etcd` takes a server out. */
export function etcdMembers(cluster: Cluster): readonly ClusterNode[] {
  return cluster.datastore.type === 'embedded-etcd' ? cluster.servers.filter((s) => !isOn(s.config['disable-etcd'])) : [];
}

/** Servers that answer the Kubernetes API. */
export function apiServers(cluster: Cluster): readonly ClusterNode[] {
  return cluster.servers.filter((s) => !isOn(s.config['disable-apiserver']));
}

/** Nodes that ordinary pods may run on: agents, and servers whose taints do not keep pods away. */
export function workloadNodes(cluster: Cluster): readonly ClusterNode[] {
  const open = (s: ClusterNode): boolean =>
    !isOn(s.config['disable-agent']) && !list(s.config['node-taint']).some((taint) => /:No(Schedule|Execute)$/.test(taint));
  return [...cluster.servers.filter(open), ...cluster.agents];
}

/** Majority of `members`. https://docs.k3s.io/datastore/ha-embedded */
export function quorumOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

/** Where a new agent registers when its own configuration does not say: the fixed address, else the first server. */
export function defaultRegistration(cluster: Cluster): string | undefined {
  if (cluster.loadBalancer !== undefined) return BALANCER;
  const first = cluster.servers[0];
  return first === undefined ? undefined : serverPart(first.id);
}

/** Part at which `agent` registers, from its `server` option. */
export function registrationTarget(cluster: Cluster, agent: ClusterNode): string | undefined {
  const url = agent.config['server'];
  if (typeof url !== 'string') return defaultRegistration(cluster);
  const match = /^https:\/\/(\[[^\]]+\]|[^:/@\s]+)(?::\d+)?\/?$/.exec(url);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  if (host === undefined) return undefined;
  if (host === cluster.loadBalancer?.address) return BALANCER;
  const server = cluster.servers.find((s) => s.host === host || s.address === host || s.name === host);
  return server === undefined ? addressPart(host) : serverPart(server.id);
}

/** An agent without its client load balancer talks to the registration address only. */
export function usesOwnBalancer(agent: ClusterNode): boolean {
  return !isOn(agent.config['disable-apiserver-lb']);
}

/** The server on the same machine as a load balancer host. */
export function serverOnHost(cluster: Cluster, host: string): ClusterNode | undefined {
  return cluster.servers.find((s) => s.host === host || s.address === host || s.id === host);
}

export function apiPort(node: ClusterNode): number {
  const port = node.config['https-listen-port'];
  return typeof port === 'number' ? port : API_PORT;
}

/** Does the certificate of `server` name `address`? K3s itself adds the node's own addresses and name. */
export function certificateNames(server: ClusterNode, address: string): boolean {
  return [server.host, server.address, server.name, ...list(server.config['tls-san'])].includes(address);
}

/** Zones in the order of the file, servers first. */
export function zonesOf(nodes: readonly ClusterNode[]): readonly (string | undefined)[] {
  return [...new Set(nodes.map((node) => node.zone))];
}

function isOn(value: ConfigValue | undefined): boolean {
  return value === true || value === 'true';
}

function list(value: ConfigValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value.map(String) : [String(value)];
  return items.flatMap((item) => item.split(',')).map((item) => item.trim());
}
