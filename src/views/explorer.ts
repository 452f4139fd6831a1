import { code, md, paragraphs, plainMarkdown } from '../core/base/markdown';
import { eachPer, lastPer } from '../core/base/remember';
import type { CertificateMark } from '../core/health/certificateMarks';
import type { DeclaredNodeHealth } from '../core/health/clusterHealth';
import type { NodeHealth } from '../core/health/nodeHealth';
import { datastoreOfType } from '../core/datastore/registry';
import type { NodeRole } from '../core/k3s/nodeRole';
import type { Cluster, ClusterNode } from '../core/cluster/cluster';
import { etcdMembers, quorumOf } from '../core/cluster/roles';
import type { NodeProgress } from '../core/plan/progress';
import type { Finding } from '../core/rules/rule';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf, type ClusterView } from './clusterView';
import type { ExplorerRow } from './explorerRow';
import { findingsByMachine, withCertificates, withHostMarks } from './hostMarks';
import { headline, type StateColor } from './headline';
import { runWords } from './runWords';
import { snapshotsRow } from './snapshotRows';

/** A cluster as rows: load balancer, datastore, servers, agents, and nodes that the file does not know. */
export function clusterRow(state: ClusterState, fileLabel: string): ExplorerRow {
  const { cluster, live } = state;
  const { health, stale } = viewOf(state);
  const { label, words, simulated, tooltip, icon, color } = headline(state, fileLabel);
  const { undeclared } = health;
  return {
    id: 'cluster',
    label,
    description: [words, ...(simulated ? ['simulated'] : []), fileLabel].join(' · '),
    tooltip,
    icon,
    ...(color === undefined ? {} : { color }),
    context: 'cluster',
    expanded: true,
    children: [
      ...(cluster.loadBalancer === undefined ? [] : [loadBalancerRow(cluster, live)]),
      datastoreRow(cluster, viewOf(state)),
      groupRow('server', state),
      ...(cluster.agents.length > 0 ? [groupRow('agent', state)] : []),
      ...(cluster.datastore.type === 'embedded-etcd' ? [snapshotsRow(state.snapshots)] : []),
      ...(undeclared.length > 0 ? [undeclaredRow(undeclared, stale)] : []),
      HISTORY_ROW,
    ],
    path: [],
  };
}

/** Nothing is read for it before somebody opens it. */
const HISTORY_ROW: ExplorerRow = {
  id: 'history',
  label: 'History',
  description: '',
  tooltip: md`What was done to this cluster, when and by whom.`,
  icon: 'history',
  context: 'history',
  children: [],
};

function loadBalancerRow(cluster: Cluster, live: LiveState): ExplorerRow {
  const { address = '', port = 6443, type = 'external' } = cluster.loadBalancer ?? {};
  const [words, icon, color] = balancerState(live, type);
  return {
    id: 'loadBalancer',
    label: 'Load Balancer',
    description: `${address}:${port} · ${words}`,
    tooltip: md`The fixed address (${type}) of kubectl and of joining agents: ${code(`https://${address}:${port}`)}`,
    icon,
    ...(color === undefined ? {} : { color }),
    context: 'loadBalancer',
    children: [],
    path: ['loadBalancer'],
  };
}

function balancerState(live: LiveState, type: string): readonly [words: string, icon: string, color?: StateColor] {
  if (live.kind === 'live')
    return live.via === 'direct'
      ? ['answers', 'pass', 'good']
      : ['does not answer; watched over SSH', 'warning', 'warning'];
  // Whether it or what stands behind it is silent cannot be seen from here.
  return live.kind === 'lost' ? ['no answer through it', 'type-hierarchy', 'stale'] : [type, 'type-hierarchy'];
}

function datastoreRow(cluster: Cluster, { health, stale }: ClusterView): ExplorerRow {
  const { type, path } = cluster.datastore;
  const { etcd } = health;
  const members = etcdMembers(cluster).length;
  const needed = quorumOf(members);
  const embedded = type === 'embedded-etcd';
  const { label, home } = datastoreOfType(type);
  const tolerance = `survives ${Math.max(0, members - needed)} of ${members}`;
  const more = etcd === undefined ? 0 : etcd.alive - etcd.needed;
  const now =
    etcd === undefined
      ? tolerance
      : stale
        ? `last seen ${etcd.alive}/${etcd.voters} voters`
        : more < 0
          ? `quorum lost (${etcd.alive} of ${etcd.voters})`
          : `${etcd.alive}/${etcd.voters} voters · ${more === 0 && etcd.voters > 1 ? 'no more may fail' : `may lose ${more} more`}`;
  // Without a reserve nothing is broken, and nothing is well.
  const color = stale
    ? 'stale'
    : more < 0
      ? 'bad'
      : etcd?.alive === etcd?.voters
        ? 'good'
        : more === 0
          ? 'warning'
          : 'good';
  return {
    id: 'datastore',
    label: 'Datastore',
    description: embedded ? `${label} · ${now}` : home === 'servers' ? `${label} on one server` : label,
    tooltip: embedded
      ? md`${members} members need ${needed} for a quorum, so ${Math.max(0, members - needed)} may fail.`
      : md`Every server uses the same ${label}.`,
    icon: 'database',
    ...(etcd === undefined ? {} : { color }),
    context: 'datastore',
    children: [],
    ...(path === undefined ? {} : { path }),
  };
}

function groupRow(role: NodeRole, state: ClusterState): ExplorerRow {
  const { seen, stale, health, run } = viewOf(state);
  const nodes = health.nodes.filter(({ node }) => node.role === role);
  const ready = nodes.filter((node) => node.state === 'ready').length;
  const told = findingsByMachine(state.hostFindings ?? NO_FINDINGS);
  const begun = run.phase === 'running' || run.phase === 'unfinished' || run.phase === 'failed';
  const finished = nodes.filter(({ node }) => (state.run.get(node.id)?.state ?? 'done') === 'done').length;
  const ago = state.live.kind === 'lost' && state.live.lastSeen !== undefined ? ` · ${state.live.lastSeen}` : '';
  return {
    id: `${role}s`,
    label: role === 'server' ? 'Servers' : 'Agents',
    description: begun
      ? `${finished} of ${nodes.length} done`
      : stale
        ? `last seen ${ready}/${nodes.length}${ago}`
        : seen.length > 0
          ? `${ready}/${nodes.length} ready`
          : String(nodes.length),
    tooltip: md`${nodes.length} declared`,
    icon: role === 'server' ? 'server' : 'vm',
    context: 'group',
    expanded: nodes.length <= 20,
    children: NODE_ROWS[role](
      state.cluster,
      nodes,
      state.run,
      state.live.kind,
      stale,
      told,
      state.certificates,
      health.simulated,
    ),
    path: [`${role}s`],
  };
}

const NO_FINDINGS: readonly Finding[] = [];

/** The same row for the same node: of a thousand few change. */
const nodeRows = (): ReturnType<typeof eachPer<DeclaredNodeHealth, RowInputs, ExplorerRow>> =>
  eachPer((node, run, live, stale, told, certificates, simulated) => {
    const { id } = node.node;
    return nodeRow(node, run.get(id), live, stale, told.get(id), certificates?.get(id), simulated);
  });
type RowInputs = readonly [
  run: ClusterState['run'],
  live: LiveState['kind'],
  stale: boolean,
  told: ReturnType<typeof findingsByMachine>,
  certificates: ClusterState['certificates'],
  simulated: boolean,
];
const NODE_ROWS = { server: nodeRows(), agent: nodeRows() };

const nodeRow = lastPer(
  (
    declared: DeclaredNodeHealth,
    run: NodeProgress | undefined,
    live: LiveState['kind'],
    stale: boolean,
    findings: readonly Finding[] | undefined,
    mark: CertificateMark | undefined,
    simulated: boolean,
  ): ExplorerRow => withHostMarks(withCertificates(rowOf(declared, run, live, stale, simulated), mark), findings),
);

function rowOf(
  declared: DeclaredNodeHealth,
  run: NodeProgress | undefined,
  live: LiveState['kind'],
  stale: boolean,
  simulated: boolean,
): ExplorerRow {
  const { node, live: seen, state, words } = declared;
  const can = abilities(node, stale ? undefined : seen, simulated);
  const base = { id: `node:${node.id}`, label: node.id, context: 'node' as const, can, children: [], path: node.path };
  const where = node.zone === undefined ? node.host : `${node.host}, zone ${node.zone}`;
  if (run !== undefined && (run.state !== 'done' || seen === undefined || stale)) {
    const [icon, color] = RUN_SIGNS[run.state];
    const said = runWords(run);
    return {
      ...base,
      description: said,
      tooltip: paragraphs([plainMarkdown(where), plainMarkdown(said)]),
      icon,
      ...(color === undefined ? {} : { color }),
    };
  }
  if (seen === undefined) {
    const absent = live === 'live';
    return {
      ...base,
      description: absent ? words : node.host === node.id ? '' : node.host,
      tooltip: plainMarkdown(where),
      icon: absent ? 'circle-outline' : 'vm-outline',
      ...(absent ? { color: 'warning' as const } : {}),
    };
  }
  if (stale)
    return {
      ...base,
      description: `last seen ${state === 'ready' ? 'ready' : words}`,
      tooltip: paragraphs([md`**${seen.name}** was ${words} when the API answered last`, plainMarkdown(where)]),
      icon: 'circle-outline',
      color: 'stale',
    };
  const status = state === 'ready' ? 'Ready' : words;
  const parts = [status, seen.roles.join(','), seen.version, seen.age].filter(
    (part) => part !== undefined && part !== '',
  );
  return {
    ...base,
    description: parts.join(' · '),
    tooltip: paragraphs([md`**${seen.name}** is ${words}`, ...[where, ...seen.warnings].map(plainMarkdown)]),
    icon: state === 'ready' ? 'pass-filled' : state === 'unknown' ? 'question' : 'error',
    color: state === 'ready' ? (seen.warnings.length > 0 ? 'warning' : 'good') : 'bad',
  };
}

/** What menus may offer for a node: its role, and its state as far as that is known now. */
function abilities({ role }: ClusterNode, seen: NodeHealth | undefined, simulated: boolean): string {
  const state = seen === undefined ? [] : [seen.ready, seen.schedulable ? 'open' : 'cordoned'];
  return [role, ...state, ...(simulated ? ['simulated'] : []), 'sshable'].join(' ');
}

/** A host that has finished looks finished, also while others are at work. */
const RUN_SIGNS: Readonly<Record<NodeProgress['state'], readonly [icon: string, color?: StateColor]>> = {
  pending: ['clock'],
  running: ['sync~spin'],
  done: ['pass', 'good'],
  failed: ['error', 'bad'],
  unknown: ['error', 'bad'],
  skipped: ['circle-slash'],
  cancelled: ['circle-slash', 'warning'],
};

function undeclaredRow(undeclared: readonly NodeHealth[], stale: boolean): ExplorerRow {
  return {
    id: 'extra',
    label: 'Not in the File',
    description: String(undeclared.length),
    tooltip: md`Nodes of the running cluster that the file does not declare.`,
    icon: 'question',
    context: 'group',
    children: undeclared.map((node) => extraRow(node, stale)),
  };
}

const extraRow = lastPer((seen: NodeHealth, stale: boolean): ExplorerRow => ({
  id: `extra:${seen.name}`,
  label: seen.name,
  description: stale
    ? `last seen ${seen.reason}`
    : [seen.ready === 'ready' ? 'Ready' : seen.reason, seen.version ?? ''].join(' · '),
  tooltip: md`This node is not declared in the file.`,
  icon: 'question',
  ...(stale ? { color: 'stale' as const } : {}),
  context: 'extraNode',
  children: [],
}));
