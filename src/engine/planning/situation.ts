import type { Problem } from '../../core/base/problem';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import type { Finding as DatastoreFinding } from '../../core/datastore/trial/trial';
import type { HostFinding, HostTrials } from '../../core/hostChecks/hostCheck';
import type { NodeHealth } from '../../core/health/nodeHealth';
import type { NodeMarks } from '../../core/health/nodeMarks';
import type { MachineId } from '../../core/plan/step';
import type { ClusterMarks } from '../../core/remote/clusterMarks';
import type { EtcdView } from '../../core/remote/etcd';
import type { PodsAndBudgets } from '../../core/remote/pods';
import type { SnapshotObject } from '../../core/remote/listSnapshots';
import type { NodeImages } from '../../core/remote/nodeImages';
import type { AirgapFolder } from './airgapFolder';
import type { BalancerContent } from './balancers';
import type { NodeContent } from './desired';
import type { ServerTrial } from './serverTrial';

/** What the running cluster says of itself, asked through one of its servers. */
export interface LiveCluster {
  readonly through: MachineId;
  readonly nodes: readonly NodeHealth[];
  /** Labels and taints by the name of the Node. */
  readonly marks?: ReadonlyMap<string, NodeMarks>;
  /** Absent where that server has no etcd, or cannot ask it. */
  readonly etcd?: EtcdView;
  /** What K3s knows of snapshots; absent when nobody needs it, or it does not tell. */
  readonly snapshots?: readonly SnapshotObject[];
}

/** The cluster file as an operation leaves it, and what is to stand on the machines then. */
export interface Outcome {
  readonly cluster: Cluster;
  readonly desired: ReadonlyMap<MachineId, NodeContent>;
  readonly balancers: ReadonlyMap<MachineId, BalancerContent>;
}

/** All that a planner may read. The same situation gives the same plan. Holds secrets. */
export interface Situation {
  /** The cluster of the file; a release channel is already a version. */
  readonly cluster: Cluster;
  /** What was seen on the machines that could be reached. */
  readonly facts: ReadonlyMap<MachineId, HostFacts>;
  /** Machines that could not be reached, with the reason. */
  readonly unreachable: ReadonlyMap<MachineId, Problem>;
  readonly live?: LiveCluster;
  /** What is to stand on each machine. */
  readonly desired: ReadonlyMap<MachineId, NodeContent>;
  /** What is to stand on each machine of the load balancer that was seen. */
  readonly balancers: ReadonlyMap<MachineId, BalancerContent>;
  /** What the operation makes of the cluster file; absent when it stays as it is. */
  readonly outcome?: Outcome;
  /** What servers that this plan starts saw of the datastore; absent until a plan starts some. */
  readonly datastore?: ReadonlyMap<MachineId, ServerTrial>;
  /** What was tried on the machines on which this plan installs K3s, and between them; absent until a plan does. */
  readonly trials?: HostTrials;
  /** The folder of an air gap, if the file has one that could be read. */
  readonly airgap?: AirgapFolder;
  /** What the file has ignored of the findings of machines and datastore. */
  readonly ignores?: IgnoresFinding;
  /** Pods and their budgets for disruption; absent until a plan drains nodes. */
  readonly workloads?: PodsAndBudgets;
  /** Who else is at work in the cluster; absent until a plan upgrades nodes. */
  readonly marks?: ClusterMarks;
  /** What running nodes behind an air gap have of the images of K3s. */
  readonly images?: ReadonlyMap<MachineId, NodeImages>;
}

/** Whether comments of the file ignore a finding, or settings switch it off. */
export type IgnoresFinding = (finding: HostFinding | DatastoreFinding) => boolean;

/** The nodes that were seen, in the order of the file. */
export function reachedNodes({ cluster, facts }: Pick<Situation, 'cluster' | 'facts'>): readonly ClusterNode[] {
  return nodesOf(cluster).filter(({ id }) => facts.has(id));
}

/** The name under which a machine is or will be in the cluster, as K3s chooses it; undefined for one that was not seen. */
export function nodeNameOf(node: ClusterNode, facts: HostFacts | undefined): string | undefined {
  return node.name?.toLowerCase() ?? facts?.hostname.toLowerCase();
}
