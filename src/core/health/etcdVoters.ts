import { say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { optionIsOn } from '../cluster/options';
import { etcdMembers, servesApi } from '../cluster/roles';
import type { ClusterHealth } from './clusterHealth';
import type { NodeHealth } from './nodeHealth';

/** A member of embedded etcd that has a vote. */
export interface EtcdVoter {
  readonly name: string;
  /** Its machine in the file; absent for a member that the file does not name. */
  readonly node?: ClusterNode;
  /** Why it does not count as alive, read after its name; absent for one that answers. */
  readonly fault?: string;
}

/**
 * Everybody who votes in etcd, as the API knows it: members that the file does not name as well. Each is judged by what its
 * role can show. A server with an API is alive when that is ready, told by `silent` (node id → why not), because a dead machine
 * stays Ready for almost a minute; one with etcd alone, and one that the file does not name, by its Node. A server without
 * agent has no Node and counts as a voter by the file.
 */
export function etcdVoters(
  cluster: Cluster,
  health: ClusterHealth,
  silent: ReadonlyMap<string, string>,
): readonly EtcdVoter[] {
  const answers = (node: ClusterNode): boolean => node.role === 'server' && servesApi(cluster, node);
  const declared = health.nodes.flatMap(({ node, live }): EtcdVoter[] => {
    if (live?.etcd !== 'voter') return [];
    return [voter(node.id, live.etcdFault === undefined && answers(node) ? silent.get(node.id) : faultOf(live), node)];
  });
  const undeclared = health.undeclared
    .filter(({ etcd }) => etcd === 'voter')
    .map((live) => voter(live.name, faultOf(live)));
  const hidden = etcdMembers(cluster).filter((node) => optionIsOn(cluster, node, 'disable-agent'));
  const unseen = hidden.filter((node) => declared.every((known) => known.node?.id !== node.id));
  const byFile = unseen.map((node) =>
    voter(node.id, answers(node) ? silent.get(node.id) : say`has no Node that could tell whether it is there`, node),
  );
  return [...declared, ...undeclared, ...byFile];
}

function voter(name: string, fault: string | undefined, node?: ClusterNode): EtcdVoter {
  return { name, ...(node === undefined ? {} : { node }), ...(fault === undefined ? {} : { fault }) };
}

function faultOf({ ready, reason, etcdFault }: NodeHealth): string | undefined {
  if (etcdFault !== undefined) return say`has an etcd member that ${etcdFault}`;
  return ready === 'ready' ? undefined : say`is ${reason}`;
}
