import type { ClusterNode } from '../../core/cluster/cluster';
import { nodesOf, unitOf } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { matchNodes } from '../../core/health/matchNodes';
import type { NodeHealth } from '../../core/health/nodeHealth';
import type { MachineId } from '../../core/plan/step';
import type { EtcdMember } from '../../core/remote/etcd';
import { nodeNameOf, type Situation } from './situation';

/** A machine that is to leave the cluster, and what there still is of it. */
export interface Leaving {
  readonly node: ClusterNode;
  /** What the cluster calls it; undefined when nobody knows. */
  readonly name?: string;
  /** Absent when it does not answer. */
  readonly seen?: HostFacts;
  /** Its Node. */
  readonly live?: NodeHealth;
  readonly member?: EtcdMember;
}

/** The machines of the file that are meant, with what is left of them; `names` are those that are known from before. */
export function leavingNodes(
  situation: Situation,
  wanted: readonly MachineId[],
  names: Readonly<Record<MachineId, string>> = {},
): readonly Leaving[] {
  const { cluster, facts, live } = situation;
  const nodes = live?.nodes ?? [];
  const matched = new Map(matchNodes(cluster, nodes).matched.map(([node, at]) => [node.id, at]));
  return nodesOf(cluster)
    .filter(({ id }) => wanted.includes(id))
    .map((node) => {
      const seen = facts.get(node.id);
      const at = matched.get(node.id);
      const name = names[node.id] ?? (at === undefined ? undefined : nodes[at]?.name) ?? nodeNameOf(node, seen);
      const own = nodes.find((one) => one.name === name);
      const member = live?.etcd?.members.find(
        (one) => one.nodeName === name || (one.name !== '' && one.name === seen?.etcdName),
      );
      return {
        node,
        ...(name === undefined ? {} : { name }),
        ...(seen === undefined ? {} : { seen }),
        ...(own === undefined ? {} : { live: own }),
        ...(member === undefined ? {} : { member }),
      };
    });
}

/** Whether K3s is up on a machine, or on its way. */
export function runsK3s({ node, seen }: Leaving): boolean {
  const active = seen?.units[unitOf(node)]?.active;
  return active !== undefined && active !== 'inactive' && active !== 'failed';
}

/** Whether anything of K3s is on a machine; its program does not count where somebody else has put it there. */
export function isInstalled(seen: HostFacts, keepsProgram: boolean): boolean {
  return (
    Object.keys(seen.units).length > 0 ||
    seen.etcdData ||
    seen.sqliteData ||
    seen.serverToken ||
    seen.caHash !== undefined ||
    seen.config !== undefined ||
    (seen.k3sVersion !== undefined && !keepsProgram)
  );
}
