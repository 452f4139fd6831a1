import { say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { oncePer } from '../base/remember';
import { count, listed } from '../base/words';
import { sharedAddresses } from './sharedAddresses';
import { matchNodes } from './matchNodes';
import type { Liveness } from './liveness';
import type { NodeHealth } from './nodeHealth';
import { quorumOf } from '../cluster/roles';
import { asItsMachine } from './withLiveness';

/** A node of the cluster file with the live node that stands for it. */
export interface DeclaredNodeHealth {
  readonly node: ClusterNode;
  readonly live?: NodeHealth;
  /** `absent`: declared in the file, unknown to the cluster. */
  readonly state: 'ready' | 'not-ready' | 'unknown' | 'absent';
  /** Reads on after the node's name and "is". */
  readonly words: string;
}

interface EtcdHealth {
  /** Members that vote. */
  readonly voters: number;
  /** Voters without a fault whose machines answer; where that is not known, on nodes that are ready. */
  readonly alive: number;
  readonly needed: number;
}

/** How a cluster is, measured against its file. */
export interface ClusterHealth {
  readonly level: 'healthy' | 'degraded' | 'critical';
  /** One line, e.g. "2 of 3 servers ready; etcd keeps quorum (2 of 3)". */
  readonly verdict: string;
  /** Servers, then agents, in the order of the file. */
  readonly nodes: readonly DeclaredNodeHealth[];
  /** Live nodes that the file does not declare. */
  readonly undeclared: readonly NodeHealth[];
  readonly etcd?: EtcdHealth;
  /** The nodes belong to a practice fleet. */
  readonly simulated: boolean;
}

/** Compares the file with the live nodes, and with what their machines show themselves where that is known. */
export function clusterHealth(cluster: Cluster, told: readonly NodeHealth[], liveness?: Liveness): ClusterHealth {
  const { matched, undeclared } = matchNodes(cluster, told);
  const live = liveness === undefined ? told : asMachines(matched, told, liveness);
  const nodes = declaredNodes(cluster, matched, live);
  const etcd = etcdHealth(live);
  const servers = nodes.filter(({ node }) => node.role === 'server');
  const agents = nodes.filter(({ node }) => node.role === 'agent');
  const troubles = [...sharedAddresses(cluster, matched, live), ...troublesOf(nodes)];
  const clauses = [
    cluster.servers.length === 0
      ? say`the file declares no server`
      : say`${readyCount(servers)} of ${count(servers.length, 'server')} ready`,
    ...(etcd === undefined ? [] : [etcdClause(etcd)]),
    ...(agents.length === 0 ? [] : [say`${readyCount(agents)} of ${count(agents.length, 'agent')} ready`]),
    ...troubles,
    ...(undeclared.length === 0
      ? []
      : [say`${listed(undeclared.map(({ name }) => name))} ${undeclared.length === 1 ? 'is' : 'are'} not in the file`]),
  ];
  const lost = readyCount(servers) === 0 || (etcd !== undefined && etcd.alive < etcd.needed);
  const whole = nodes.every(({ state }) => state === 'ready') && troubles.length === 0;
  return {
    level: lost ? 'critical' : whole ? 'healthy' : 'degraded',
    verdict: clauses.join('; '),
    nodes,
    undeclared,
    ...(etcd === undefined ? {} : { etcd }),
    simulated: live.some(({ simulated }) => simulated),
  };
}

/** Nodes of the file as their machines show them, each at its place. */
function asMachines(
  matched: ReturnType<typeof matchNodes>['matched'],
  told: readonly NodeHealth[],
  { machines }: Liveness,
): readonly NodeHealth[] {
  const ids = new Map(matched.map(([node, at]) => [at, node.id]));
  return told.map((node, at) => asItsMachine(node, machines.get(ids.get(at) ?? '')));
}

/** The same object for the same two, so that what was made of it for a view can stay. */
function declaredNodes(
  cluster: Cluster,
  matched: ReturnType<typeof matchNodes>['matched'],
  live: readonly NodeHealth[],
): readonly DeclaredNodeHealth[] {
  const last = lastNodes(cluster);
  last.nodes = matched.map(([node, at], i) => {
    const seen = at === undefined ? undefined : live[at];
    const known = last.nodes[i];
    return known?.node === node && known.live === seen ? known : declared(node, seen);
  });
  return last.nodes;
}

const lastNodes = oncePer((_cluster: Cluster): { nodes: readonly DeclaredNodeHealth[] } => ({ nodes: [] }));

function declared(node: ClusterNode, live: NodeHealth | undefined): DeclaredNodeHealth {
  return live === undefined
    ? { node, state: 'absent', words: say`not in the cluster` }
    : { node, live, state: live.ready, words: live.reason };
}

function readyCount(nodes: readonly DeclaredNodeHealth[]): number {
  return nodes.filter(({ state }) => state === 'ready').length;
}

/** The API knows the real membership; a declared server that never joined is no member and costs no vote. */
function etcdHealth(live: readonly NodeHealth[]): EtcdHealth | undefined {
  const voters = live.filter(({ etcd }) => etcd === 'voter');
  if (voters.length === 0) return undefined;
  return {
    voters: voters.length,
    alive: voters.filter(({ answers, ready, etcdFault }) => (answers ?? ready === 'ready') && etcdFault === undefined)
      .length,
    needed: quorumOf(voters.length),
  };
}

function etcdClause({ alive, voters, needed }: EtcdHealth): string {
  return alive < needed
    ? say`etcd has lost its quorum (${alive} of ${voters}, ${needed} needed)`
    : say`etcd keeps quorum (${alive} of ${voters})`;
}

function troublesOf(nodes: readonly DeclaredNodeHealth[]): readonly string[] {
  const absent: string[] = [];
  const faults: string[] = [];
  const warnings: string[] = [];
  for (const { node, live } of nodes) {
    if (live === undefined) absent.push(node.id);
    else {
      if (live.etcdFault !== undefined) faults.push(say`the etcd member of ${node.id} ${live.etcdFault}`);
      for (const warning of live.warnings) warnings.push(say`on ${node.id} ${warning}`);
    }
  }
  const shown = [...faults, ...warnings];
  return [
    ...(absent.length === 0 ? [] : [say`${listed(absent)} ${absent.length === 1 ? 'is' : 'are'} not in the cluster`]),
    ...shown.slice(0, 3),
    ...(shown.length > 3 ? [`${count(shown.length - 3, 'more warning')}`] : []),
  ];
}
