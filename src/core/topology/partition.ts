import { say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { agentPart, memberPart, networkPart, serverPart } from './ids';
import { zonesOf } from './roles';
import { count, listed } from '../base/words';
import { apiServers, etcdMembers, nodesOf, quorumOf } from '../cluster/roles';

/** What a cut between zones takes from the cluster although every machine runs. */
export interface Partition {
  /** Parts that stand apart from the side that goes on. */
  readonly cutOff: ReadonlySet<string>;
  /** Embedded etcd only: members that the best leader reaches. */
  readonly reached?: number;
  /** Servers of which some stand apart, depending on which member leads. */
  readonly unsure: readonly string[];
  /** The networks that are cut, e.g. `rack-a – rack-b`. */
  readonly words: string;
}

/** Two zones whose network can be cut. */
export interface ZonePair {
  readonly id: string;
  readonly zones: readonly [string, string];
}

/** Every pair of zones of which one has servers: between agents alone nothing of the cluster depends on the network. */
export function zonePairs(cluster: Cluster): readonly ZonePair[] {
  const all = zonesOf(nodesOf(cluster)).filter((zone) => zone !== undefined);
  const withServers = new Set(cluster.servers.map(({ zone }) => zone));
  return all.flatMap((a, i) =>
    all
      .slice(i + 1)
      .filter((b) => withServers.has(a) || withServers.has(b))
      .map((b) => ({ id: networkPart(a, b), zones: [a, b] as const })),
  );
}

/**
 * The effect of the networks between zones in `chosen` that are cut; undefined when none is. Zones reach each other
 * directly or not at all, and nodes without a zone reach everyone. The fixed address and an external datastore are
 * outside of the zones: they are taken to be reached from everywhere.
 *
 * A leader of etcd needs a majority that it reaches itself. https://etcd.io/docs/latest/op-guide/failures/
 */
export function partition(
  cluster: Cluster,
  chosen: readonly string[],
  down: ReadonlySet<string>,
): Partition | undefined {
  // Asked for every set of failures, and nearly never about a network.
  if (!chosen.some((id) => id.startsWith('network:'))) return undefined;
  const cut = zonePairs(cluster).filter(({ id }) => chosen.includes(id));
  if (cut.length === 0) return undefined;
  const apart = new Set(cut.flatMap(({ zones: [a, b] }) => [`${a}\n${b}`, `${b}\n${a}`]));
  const reaches = (a: ClusterNode, b: ClusterNode): boolean =>
    a.zone === undefined || b.zone === undefined || !apart.has(`${a.zone}\n${b.zone}`);
  const up = (node: ClusterNode): boolean =>
    !down.has(node.role === 'server' ? serverPart(node.id) : agentPart(node.id));
  const servers = servingServers(cluster, reaches, up);
  const lost = new Set(cluster.servers.filter((server) => up(server) && !servers.best.includes(server)));
  const serving = apiServers(cluster).filter((server) => servers.best.includes(server));
  const agents = cluster.agents.filter((agent) => up(agent) && !serving.some((server) => reaches(agent, server)));
  const members = new Set(etcdMembers(cluster));
  return {
    cutOff: new Set([
      ...[...lost].flatMap((server) => [
        serverPart(server.id),
        ...(members.has(server) ? [memberPart(server.id)] : []),
      ]),
      ...agents.map((agent) => agentPart(agent.id)),
    ]),
    ...(servers.reached === undefined ? {} : { reached: servers.reached }),
    unsure: servers.unsure.map(({ id }) => id),
    words: listed(cut.map(({ zones }) => zones.join(' – '))),
  };
}

interface Serving {
  /** Servers that work with any leader there can be, and with the best one. */
  readonly best: readonly ClusterNode[];
  readonly unsure: readonly ClusterNode[];
  readonly reached?: number;
}

function servingServers(
  cluster: Cluster,
  reaches: (a: ClusterNode, b: ClusterNode) => boolean,
  up: (node: ClusterNode) => boolean,
): Serving {
  const alive = cluster.servers.filter(up);
  const first = cluster.servers[0];
  if (cluster.datastore.type === 'sqlite')
    return { best: alive.filter((server) => first !== undefined && reaches(server, first)), unsure: [] };
  if (cluster.datastore.type !== 'embedded-etcd') return { best: alive, unsure: [] };
  const members = etcdMembers(cluster);
  const living = members.filter(up);
  const followers = (leader: ClusterNode): readonly ClusterNode[] => living.filter((member) => reaches(leader, member));
  const leaders = living.filter((leader) => followers(leader).length >= quorumOf(members.length));
  if (leaders.length === 0)
    return { best: alive, unsure: [], reached: Math.max(0, ...living.map((leader) => followers(leader).length)) };
  const works = (server: ClusterNode, leader: ClusterNode): boolean =>
    living.includes(server) ? reaches(leader, server) : followers(leader).some((member) => reaches(server, member));
  const best = alive.filter((server) => leaders.some((leader) => works(server, leader)));
  return {
    best,
    unsure: best.filter((server) => !leaders.every((leader) => works(server, leader))),
    reached: Math.max(...leaders.map((leader) => followers(leader).length)),
  };
}

/** What is cut off, in words; empty when nothing is. */
export function cutOffWords({ cutOff, unsure, words }: Partition, cluster: Cluster): string {
  const servers = cluster.servers.filter((server) => cutOff.has(serverPart(server.id))).map(({ id }) => id);
  const agents = cluster.agents.filter((agent) => cutOff.has(agentPart(agent.id))).length;
  const parts = [
    ...(servers.length === 0
      ? []
      : [say`${listed(servers)} ${servers.length === 1 ? 'stands' : 'stand'} apart from the majority`]),
    ...(unsure.length === 0 ? [] : [say`one of ${listed(unsure)} stands apart, depending on the leader of etcd`]),
    ...(agents === 0
      ? []
      : [say`${count(agents, 'agent')} ${agents === 1 ? 'reaches' : 'reach'} no server that works`]),
  ];
  return say`the network ${words} is cut${parts.length === 0 ? '' : `: ${listed(parts)}`}`;
}
