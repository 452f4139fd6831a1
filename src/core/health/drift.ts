import { say } from '../base/say';
import type { Cluster } from '../cluster/cluster';
import { eachPer, oncePer } from '../base/remember';
import { listed } from '../base/words';
import type { ClusterHealth, DeclaredNodeHealth } from './clusterHealth';
import type { NodeHealth } from './nodeHealth';
import { etcdMembers } from '../cluster/roles';

/** Where the running cluster is not as the file says. */
export interface Drift {
  /** By id of the node in the file, as sentences without a full stop. */
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** About the cluster as a whole. */
  readonly general: readonly string[];
}

/** Compares what nodes report with the file; what they do not report is no difference. */
export function drift(cluster: Cluster, health: ClusterHealth): Drift {
  const nodes = new Map<string, readonly string[]>();
  const found = differences(cluster, health.nodes, cluster, memberIds(cluster));
  for (const [i, { node }] of health.nodes.entries()) {
    const sentences = found[i] ?? [];
    if (sentences.length > 0) nodes.set(node.id, sentences);
  }
  const names = health.undeclared.map(({ name }) => name);
  return {
    nodes,
    general:
      names.length === 0
        ? []
        : [say`${listed(names)} ${names.length === 1 ? 'is' : 'are'} in the cluster and not in the file`],
  };
}

const memberIds = oncePer((cluster: Cluster) => new Set(etcdMembers(cluster).map(({ id }) => id)));

const differences = eachPer(
  ({ node, live }: DeclaredNodeHealth, cluster: Cluster, members: ReadonlySet<string>): readonly string[] => {
    const { version } = cluster.k3s;
    if (live === undefined) return [];
    const member = members.has(node.id);
    return [
      ...(version !== undefined && live.version !== undefined && live.version !== version
        ? [say`runs ${live.version}, the file says ${version}`]
        : []),
      ...(live.role === node.role
        ? []
        : [say`is ${live.role === 'server' ? say`a server` : say`an agent`}, the file says ${node.role}`]),
      ...(member &&
      live.ready === 'ready' &&
      live.etcd === undefined &&
      live.role === 'server' &&
      cluster.datastore.type === 'embedded-etcd'
        ? [say`is no member of etcd`]
        : []),
      ...(!member && live.etcd !== undefined ? [say`is a member of etcd, which the file does not say`] : []),
    ];
  },
);

/** What is known of a live node beside its state, for people: role, release, age, etcd, warnings. */
export function liveFacts(live: NodeHealth): readonly string[] {
  return [
    ...(live.roles.length === 0 ? [] : [`Roles: ${live.roles.join(', ')}`]),
    ...(live.version === undefined ? [] : [`K3s ${live.version}`]),
    ...(live.etcd === undefined
      ? []
      : [`etcd: ${live.etcd}${live.etcdFault === undefined ? '' : `, ${live.etcdFault}`}`]),
    ...(live.age === undefined ? [] : [say`Registered ${live.age} ago`]),
    ...(live.schedulable ? [] : [say`Cordoned: takes no new pods`]),
    ...live.warnings,
  ];
}
