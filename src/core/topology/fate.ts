import { oncePer } from '../base/remember';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { BALANCER, agentPart, agentsPart, balancerHostPart, memberPart, serverPart, sqlitePart, zonePart } from './ids';
import { serverOnHost } from './roles';
import { etcdMembers, nodesOf } from '../cluster/roles';

/** Everything that is down when `chosen` parts fail: a zone takes its nodes, a server its etcd member, SQLite and load balancer. */
export function fallWith(cluster: Cluster, chosen: readonly string[]): ReadonlySet<string> {
  const down = new Set(chosen);
  for (const [zone, parts] of zones(cluster)) if (down.has(zone)) parts.forEach((id) => down.add(id));
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

type Parts = ReadonlyMap<string, readonly string[]>;

// Both are asked for every set of failures that is played through.

/** The parts of the nodes by that of their zone. */
const zones: (cluster: Cluster) => Parts = oncePer((cluster) =>
  grouped(
    nodesOf(cluster).filter(({ zone }) => zone !== undefined),
    ({ zone = '' }) => zonePart(zone),
    ({ role, id }) => (role === 'server' ? serverPart(id) : agentPart(id)),
  ),
);

/** The parts of the agents by that of their group. */
const agentGroups: (cluster: Cluster) => Parts = oncePer(({ agents }) =>
  grouped(
    agents,
    ({ zone }) => agentsPart(zone),
    ({ id }) => agentPart(id),
  ),
);

function grouped(
  nodes: readonly ClusterNode[],
  group: (node: ClusterNode) => string,
  part: (node: ClusterNode) => string,
): Parts {
  const groups = new Map<string, string[]>();
  for (const node of nodes) {
    const parts = groups.get(group(node));
    if (parts === undefined) groups.set(group(node), [part(node)]);
    else parts.push(part(node));
  }
  return groups;
}
