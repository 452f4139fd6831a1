import { say } from '../base/say';
import type { Cluster } from '../cluster/cluster';
import { eachPer, lastPer, oncePer } from '../base/remember';
import { listed } from '../base/words';
import type { ClusterHealth, DeclaredNodeHealth } from './clusterHealth';
import type { NodeHealth } from './nodeHealth';
import { etcdMembers } from '../cluster/roles';

/** The release of a node, and that of the file. */
export interface OtherRelease {
  readonly has: string;
  readonly wants: string;
}

/** Where the running cluster is not as the file says. */
export interface Drift {
  /** By id of the node in the file, as sentences without a full stop. */
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** Those of them that run another release than that of the file. */
  readonly releases: ReadonlyMap<string, OtherRelease>;
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
  const releases = new Map<string, OtherRelease>();
  for (const declared of health.nodes) {
    const other = otherRelease(declared, cluster);
    if (other !== undefined) releases.set(declared.node.id, other);
  }
  const names = health.undeclared.map(({ name }) => name);
  return {
    nodes,
    releases,
    general:
      names.length === 0
        ? []
        : [say`${listed(names)} ${names.length === 1 ? 'is' : 'are'} in the cluster and not in the file`],
  };
}

const memberIds = oncePer((cluster: Cluster) => new Set(etcdMembers(cluster).map(({ id }) => id)));

const differences = eachPer(
  (declared: DeclaredNodeHealth, cluster: Cluster, members: ReadonlySet<string>): readonly string[] => {
    const { node, live } = declared;
    if (live === undefined) return [];
    const release = otherRelease(declared, cluster);
    const member = members.has(node.id);
    return [
      ...(release === undefined ? [] : [say`runs ${release.has}, the file says ${release.wants}`]),
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

const otherRelease: (declared: DeclaredNodeHealth, cluster: Cluster) => OtherRelease | undefined = lastPer(
  ({ live }, { k3s }) => {
    const [has, wants] = [live?.version, k3s.version];
    return has === undefined || wants === undefined || has === wants ? undefined : { has, wants };
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
