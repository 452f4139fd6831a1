import { lastPer } from '../base/remember';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { optionIsOn } from '../cluster/options';
import { etcdMembers } from '../cluster/roles';
import { agentPart, serverPart } from '../topology/ids';
import type { ClusterHealth } from './clusterHealth';
import type { NodeHealth } from './nodeHealth';

/** A cluster as it runs, to be played through like one of a file. */
export interface RunningCluster {
  /** Without nodes of the file that are not in the cluster, with servers that only the cluster knows. */
  readonly cluster: Cluster;
  /** Parts of its nodes that are really down. */
  readonly down: readonly string[];
}

/**
 * What runs, as far as the API tells. A server of the file that never joined costs no vote of etcd, one that the file does
 * not name has one. The same object as long as the same nodes are there and the same ones are down; undefined when no
 * node is known.
 */
export function runningCluster(cluster: Cluster, health: ClusterHealth): RunningCluster | undefined {
  const down: string[] = [];
  const absent: string[] = [];
  const members = health.etcd === undefined ? undefined : new Set(etcdMembers(cluster).map(({ id }) => id));
  let seen = 0;
  for (const { node, live, state } of health.nodes) {
    const isThere = live !== undefined && (live.etcd === 'voter' || members?.has(node.id) !== true);
    // A server without agent has no Node: the file alone tells of it.
    if (isThere || (live === undefined && optionIsOn(cluster, node, 'disable-agent'))) seen += 1;
    else absent.push(partOf(node));
    if (isThere && (state !== 'ready' || live.etcdFault !== undefined)) down.push(partOf(node));
  }
  const others = health.undeclared.filter(({ role }) => role === 'server');
  for (const other of others) if (isDown(other)) down.push(serverPart(other.name));
  if (seen + others.length === 0) return undefined;
  return running(cluster, down.join('\n'), absent.join('\n'), others.map(({ name }) => name).join('\n'));
}

/** Who is down changes more often than who is there: much is remembered by the cluster. */
const running = lastPer((cluster: Cluster, down: string, absent: string, others: string): RunningCluster => ({
  cluster: absent === '' && others === '' ? cluster : changed(cluster, absent, others),
  down: lines(down),
}));

const changed = lastPer((cluster: Cluster, absent: string, others: string): Cluster => {
  const gone = new Set(lines(absent));
  const there = (node: ClusterNode): boolean => !gone.has(partOf(node));
  return {
    ...cluster,
    servers: [...cluster.servers.filter(there), ...lines(others).map(otherServer)],
    agents: cluster.agents.filter(there),
  };
});

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

function partOf({ role, id }: ClusterNode): string {
  return role === 'server' ? serverPart(id) : agentPart(id);
}

function isDown({ ready, etcdFault }: NodeHealth): boolean {
  return ready !== 'ready' || etcdFault !== undefined;
}

function otherServer(name: string): ClusterNode {
  return {
    role: 'server',
    id: name,
    name,
    host: name,
    address: name,
    ssh: { identityFiles: [] },
    config: {},
    path: [],
  };
}
