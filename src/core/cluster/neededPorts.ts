import type { Cluster, ClusterMachine, ClusterNode } from './cluster';
import { apiPort, optionIsOn, optionText } from './options';
import { balancerMachines, etcdMembers, nodesOf } from './roles';

/** Traffic that a machine of the cluster has to let in. */
export interface NeededPort {
  readonly protocol: 'tcp' | 'udp';
  /** First and last port. */
  readonly ports: readonly [first: number, last: number];
  /** What stands behind it, for people: `the Kubernetes API`. */
  readonly what: string;
  /** Machines that have to get in, by their ids; `anybody` also has clients that the file does not know. */
  readonly from: readonly string[] | 'anybody';
}

/**
 * What a machine has to let in from the other machines, as a node and as one of the load balancer.
 * https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes
 */
export function neededPorts(cluster: Cluster, machine: ClusterMachine): readonly NeededPort[] {
  const node = nodesOf(cluster).find(({ id }) => id === machine.id);
  const { loadBalancer } = cluster;
  const balances = balancerMachines(cluster).some(({ id }) => id === machine.id);
  return [
    ...(node === undefined ? [] : nodePorts(cluster, node)),
    ...(balances && loadBalancer !== undefined ? [tcp(loadBalancer.port, 'the load balancer', 'anybody')] : []),
  ];
}

function nodePorts(cluster: Cluster, node: ClusterNode): readonly NeededPort[] {
  const others = (nodes: readonly ClusterNode[]): readonly string[] =>
    nodes.filter(({ id }) => id !== node.id).map(({ id }) => id);
  const all = others(nodesOf(cluster));
  const members = etcdMembers(cluster);
  const isMember = members.some(({ id }) => id === node.id);
  const needed: readonly NeededPort[] = [
    ...(node.role === 'server' ? [tcp(apiPort(cluster, node), 'the Kubernetes API', 'anybody')] : []),
    // Servers without etcd of their own ask the members, too.
    ...(isMember ? [{ ...tcp(2379, 'etcd', others(cluster.servers)), ports: [2379, 2380] as const }] : []),
    ...(optionIsOn(cluster, node, 'disable-agent') ? [] : [tcp(10_250, 'kubelet', all), ...overlay(cluster, all)]),
    ...(cluster.servers.some((server) => optionIsOn(cluster, server, 'embedded-registry'))
      ? [tcp(5001, 'the embedded registry', all)]
      : []),
  ];
  return needed.filter(({ from }) => from === 'anybody' || from.length > 0);
}

function tcp(port: number, what: string, from: NeededPort['from']): NeededPort {
  return { protocol: 'tcp', ports: [port, port], what, from };
}

/** The network of pods; `host-gw` and `none` need no port. */
function overlay(cluster: Cluster, from: readonly string[]): readonly NeededPort[] {
  const [server] = cluster.servers;
  const backend = (server === undefined ? undefined : optionText(cluster, server, 'flannel-backend')) ?? 'vxlan';
  const udp = (ports: readonly [number, number], what: string): readonly NeededPort[] => [
    { protocol: 'udp', ports, what, from },
  ];
  if (backend === 'vxlan') return udp([8472, 8472], 'the network of pods (VXLAN)');
  return backend === 'wireguard-native' ? udp([51_820, 51_821], 'the network of pods (WireGuard)') : [];
}
