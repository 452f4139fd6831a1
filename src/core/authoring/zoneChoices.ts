import { count } from '../base/words';
import type { Cluster } from '../cluster/cluster';
import { etcdMembers, nodesOf, quorumOf } from '../cluster/roles';
import type { NodeRole } from '../k3s/nodeRole';

/** A zone that a machine may stand in. */
export interface ZoneChoice {
  readonly zone: string;
  /** Who stands there: `1 server, 2 agents`. */
  readonly words: string;
}

/** The zones of a file, the one with the fewest machines of this role first: what fails together should hold few of them. */
export function zoneChoices(cluster: Cluster, role: NodeRole): readonly ZoneChoice[] {
  const nodes = nodesOf(cluster);
  const zones = [...new Set(nodes.flatMap(({ zone }) => zone ?? []))];
  const there = (zone: string, wanted: NodeRole): number =>
    nodes.filter((node) => node.zone === zone && node.role === wanted).length;
  return zones
    .map((zone) => ({ zone, servers: there(zone, 'server'), agents: there(zone, 'agent') }))
    .sort((a, b) => (role === 'server' ? a.servers - b.servers : a.agents - b.agents))
    .map(({ zone, servers, agents }) => ({ zone, words: `${count(servers, 'server')}, ${count(agents, 'agent')}` }));
}

/** What one more server is worth, where that is not what people expect: an even number of members survives no more. */
export function oneMoreServer(cluster: Cluster): string | undefined {
  if (cluster.datastore.type !== 'embedded-etcd') return undefined;
  const members = etcdMembers(cluster).length;
  const survives = (of: number): number => of - quorumOf(of);
  return members > 0 && survives(members + 1) === survives(members)
    ? `With ${members + 1} servers no more may fail than with ${members}: ${survives(members)}.`
    : undefined;
}
