import { apiPort } from '../../core/cluster/options';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { nodesOf, servesApi } from '../../core/cluster/roles';
import { matchNodes } from '../../core/health/matchNodes';
import type { NodeHealth } from '../../core/health/nodeHealth';
import type { MachineId } from '../../core/plan/step';

/** Where kubelets listen; agents have no other port that is open to others. Recorded: ports-four-kinds.txt */
const KUBELET_PORT = 10_250;

/** A machine of the file, and how it is asked whether it lives. */
export interface WatchedMachine {
  readonly id: MachineId;
  readonly node: ClusterNode;
  /** Where it may be dialled from here: its address, then the one of its SSH login. */
  readonly addresses: readonly string[];
  readonly port: number;
  /**
   * Needs no datastore, no identity and no right: K3s's own `/ping` on servers, which answers also while etcd has no leader; on
   * agents the kubelet says 401, which tells as much.
   */
  readonly path: string;
  readonly servesApi: boolean;
}

/** Servers, then agents. */
export function watchedMachines(cluster: Cluster): readonly WatchedMachine[] {
  return nodesOf(cluster).map((node) => {
    const isServer = node.role === 'server';
    return {
      id: node.id,
      node,
      addresses: [...new Set([node.address, node.host])],
      port: isServer ? apiPort(cluster, node) : KUBELET_PORT,
      path: isServer ? '/ping' : '/healthz',
      servesApi: isServer && servesApi(cluster, node),
    };
  });
}

/** Names of the Nodes of machines, by the machine. */
export function nodeNames(cluster: Cluster, nodes: readonly NodeHealth[]): ReadonlyMap<MachineId, string> {
  return new Map(
    matchNodes(cluster, nodes).matched.flatMap(([{ id }, at]) => {
      const name = at === undefined ? undefined : nodes[at]?.name;
      return name === undefined ? [] : [[id, name] as const];
    }),
  );
}

/** The machine of the file that has an address, when exactly one has it. */
export function machineAt(machines: readonly WatchedMachine[], address: string): MachineId | undefined {
  const found = machines.filter(({ addresses }) => addresses.includes(address));
  return found.length === 1 ? found[0]?.id : undefined;
}
