import type { Cluster } from '../cluster/cluster';
import { BALANCER, agentPart, agentsPart, balancerHostPart, memberPart, serverPart, sqlitePart, zonePart } from './ids';
import { serverOnHost } from './roles';
import { etcdMembers, nodesOf } from '../cluster/roles';

/** Everything that is down when `chosen` parts fail: a zone takes its nodes, a server its etcd member, SQLite and load balancer. */
export function fallWith(cluster: Cluster, chosen: readonly string[]): ReadonlySet<string> {
  const down = new Set(chosen);
  for (const node of nodesOf(cluster)) {
    if (node.zone !== undefined && down.has(zonePart(node.zone)))
      down.add(node.role === 'server' ? serverPart(node.id) : agentPart(node.id));
  }
  const members = new Set(etcdMembers(cluster));
  const sqlite = cluster.datastore.type === 'sqlite';
  for (const server of cluster.servers) {
    // One process: https://docs.k3s.io/architecture
    const together = [
      serverPart(server.id),
      ...(members.has(server) ? [memberPart(server.id)] : []),
      ...(sqlite ? [sqlitePart(server.id)] : []),
    ];
    if (together.some((id) => down.has(id))) together.forEach((id) => down.add(id));
  }
  for (const { host } of cluster.loadBalancer?.nodes ?? []) {
    const server = serverOnHost(cluster, host);
    if (server !== undefined && down.has(serverPart(server.id))) down.add(balancerHostPart(host));
  }
  const hosts = cluster.loadBalancer?.nodes ?? [];
  if (hosts.length > 0 && hosts.every(({ host }) => down.has(balancerHostPart(host)))) down.add(BALANCER);
  for (const [group, agents] of agentGroups(cluster)) {
    if (down.has(group)) agents.forEach((id) => down.add(id));
    else if (agents.every((id) => down.has(id))) down.add(group);
  }
  return down;
}

const groupsOfCluster = new WeakMap<Cluster, ReadonlyMap<string, readonly string[]>>();

/** The parts of the agents by that of their group; asked for every set of failures that is played through. */
function agentGroups(cluster: Cluster): ReadonlyMap<string, readonly string[]> {
  const known = groupsOfCluster.get(cluster);
  if (known !== undefined) return known;
  const groups = new Map<string, string[]>();
  for (const { zone, id } of cluster.agents) {
    const group = groups.get(agentsPart(zone));
    if (group === undefined) groups.set(agentsPart(zone), [agentPart(id)]);
    else group.push(agentPart(id));
  }
  groupsOfCluster.set(cluster, groups);
  return groups;
}
