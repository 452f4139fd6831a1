import type { Cluster, ClusterMachine, ClusterNode } from './cluster';
import { optionIsOn } from './options';

/** All machines that run K3s: servers, then agents, in the order of the file. */
export function nodesOf(cluster: Pick<Cluster, 'servers' | 'agents'>): readonly ClusterNode[] {
  return [...cluster.servers, ...cluster.agents];
}

/** Machines on which HAProxy or nginx is installed, the preferred one first; empty when something else carries the address. */
export function balancerMachines({ loadBalancer }: Pick<Cluster, 'loadBalancer'>): readonly ClusterMachine[] {
  return loadBalancer?.type === 'haproxy' || loadBalancer?.type === 'nginx' ? loadBalancer.nodes : [];
}

/** Machines that pass the fixed address among themselves, or are to: they can tell whether a stranger has it. */
export function carriersOf(
  cluster: Pick<Cluster, 'loadBalancer' | 'servers' | 'agents' | 'k3s'>,
): readonly ClusterMachine[] {
  const { loadBalancer, servers } = cluster;
  if (loadBalancer?.type !== 'kube-vip') return balancerMachines(cluster);
  return loadBalancer.bgp === undefined ? servers.filter((server) => servesApi(cluster, server)) : [];
}

/** All machines that are reached over SSH, each once: the nodes, then those that only carry the load balancer, or did. */
export function machinesOf(
  cluster: Pick<Cluster, 'servers' | 'agents' | 'loadBalancer'>,
): readonly (ClusterNode | ClusterMachine)[] {
  const nodes = nodesOf(cluster);
  const balancers = [...balancerMachines(cluster), ...(cluster.loadBalancer?.former ?? [])];
  if (balancers.length === 0) return nodes;
  const known = new Set(nodes.map(({ id }) => id));
  const others = new Map(balancers.filter(({ id }) => !known.has(id)).map((machine) => [machine.id, machine]));
  return [...nodes, ...others.values()];
}

/** The systemd unit of K3s on a machine. */
export function unitOf({ role }: Pick<ClusterNode, 'role'>): 'k3s' | 'k3s-agent' {
  return role === 'server' ? 'k3s' : 'k3s-agent';
}

/**
 * Servers that are members of embedded etcd; `disable-etcd` takes a server out. Empty with any other datastore.
 * https://docs.k3s.io/installation/server-roles
 */
export function etcdMembers(cluster: Cluster): readonly ClusterNode[] {
  if (cluster.datastore.type !== 'embedded-etcd') return [];
  return cluster.servers.filter((server) => !optionIsOn(cluster, server, 'disable-etcd'));
}

/** Whether a server answers the Kubernetes API: `disable-apiserver` makes it a home of etcd alone. */
export function servesApi(cluster: Pick<Cluster, 'k3s'>, server: ClusterNode): boolean {
  return !optionIsOn(cluster, server, 'disable-apiserver');
}

/** Servers that answer the Kubernetes API. */
export function apiServers(cluster: Cluster): readonly ClusterNode[] {
  return cluster.servers.filter((server) => servesApi(cluster, server));
}

/** Majority of `members`. https://docs.k3s.io/datastore/ha-embedded */
export function quorumOf(members: number): number {
  return Math.floor(members / 2) + 1;
}
