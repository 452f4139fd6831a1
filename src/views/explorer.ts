import { code, md, paragraphs, plainMarkdown, type Markdown } from '../core/base/markdown';
import type { Path } from '../core/base/path';
import { lastPer, oncePer } from '../core/base/remember';
import type { ClusterHealth, DeclaredNodeHealth } from '../core/health/clusterHealth';
import type { NodeHealth } from '../core/health/nodeHealth';
import { datastoreOfType } from '../core/datastore/registry';
import type { NodeRole } from '../core/k3s/nodeRole';
import type { Cluster } from '../core/cluster/cluster';
import { etcdMembers, quorumOf } from '../core/cluster/roles';
import type { NodeProgress } from '../core/plan/progress';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf } from './clusterView';
import { headline, type StateColor } from './headline';

/** One row of the explorer as plain data; the shell turns it into an item of a tree. */
export interface ExplorerRow {
  /** Stable: holds nothing that changes with the state. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: Markdown;
  /** Codicon id. */
  readonly icon: string;
  readonly color?: StateColor;
  readonly context: 'cluster' | 'loadBalancer' | 'datastore' | 'group' | 'node' | 'extraNode';
  readonly expanded?: boolean;
  readonly children: readonly ExplorerRow[];
  /** What to reveal in the file on a click. */
  readonly path?: Path;
}

/** A cluster as rows: load balancer, datastore, servers, agents, and nodes that the file does not know. */
export function clusterRow(state: ClusterState, fileLabel: string): ExplorerRow {
  const { cluster, live } = state;
  const { health } = viewOf(state);
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
      datastoreRow(cluster, health),
      groupRow('server', state),
      ...(cluster.agents.length > 0 ? [groupRow('agent', state)] : []),
      ...(undeclared.length > 0 ? [undeclaredRow(undeclared)] : []),
    ],
    path: [],
  };
}

function loadBalancerRow(cluster: Cluster, live: LiveState): ExplorerRow {
  const { address = '', port = 6443, type = 'external' } = cluster.loadBalancer ?? {};
  const answers = live.kind === 'live' && live.via === 'direct';
  const words = answers
    ? 'answers'
    : live.kind === 'live'
      ? 'does not answer; watched over SSH'
      : live.kind === 'lost'
        ? 'does not answer'
        : type;
  return {
    id: 'loadBalancer',
    label: 'Load Balancer',
    description: `${address}:${port} · ${words}`,
    tooltip: md`The fixed address (${type}) of kubectl and of joining agents: ${code(`https://${address}:${port}`)}`,
    icon: answers ? 'pass' : live.kind === 'live' || live.kind === 'lost' ? 'warning' : 'type-hierarchy',
    ...(answers
      ? { color: 'good' as const }
      : live.kind === 'live' || live.kind === 'lost'
        ? { color: 'warning' as const }
        : {}),
    context: 'loadBalancer',
    children: [],
    path: ['loadBalancer'],
  };
}

function datastoreRow(cluster: Cluster, health: ClusterHealth): ExplorerRow {
  const { type, path } = cluster.datastore;
  const { etcd } = health;
  const members = etcdMembers(cluster).length;
  const needed = quorumOf(members);
  const embedded = type === 'embedded-etcd';
  const { label, home } = datastoreOfType(type);
  const tolerance = `survives ${Math.max(0, members - needed)} of ${members}`;
  const now =
    etcd === undefined
      ? tolerance
      : etcd.alive < etcd.needed
        ? `quorum lost (${etcd.alive} of ${etcd.voters})`
        : `${etcd.alive}/${etcd.voters} voters · may lose ${etcd.alive - etcd.needed} more`;
  return {
    id: 'datastore',
    label: 'Datastore',
    description: embedded ? `${label} · ${now}` : home === 'servers' ? `${label} on one server` : label,
    tooltip: embedded
      ? md`${members} members need ${needed} for a quorum, so ${Math.max(0, members - needed)} may fail.`
      : md`Every server uses the same ${label}.`,
    icon: 'database',
    ...(etcd === undefined ? {} : { color: etcd.alive < etcd.needed ? ('bad' as const) : ('good' as const) }),
    context: 'datastore',
    children: [],
    ...(path === undefined ? {} : { path }),
  };
}

function groupRow(role: NodeRole, state: ClusterState): ExplorerRow {
  const { seen, health } = viewOf(state);
  const nodes = health.nodes.filter(({ node }) => node.role === role);
  const ready = nodes.filter((node) => node.state === 'ready').length;
  return {
    id: `${role}s`,
    label: role === 'server' ? 'Servers' : 'Agents',
    description: seen.length > 0 ? `${ready}/${nodes.length} ready` : String(nodes.length),
    tooltip: md`${nodes.length} declared`,
    icon: role === 'server' ? 'server' : 'vm',
    context: 'group',
    expanded: nodes.length <= 20,
    children: nodes.map((node) => nodeRow(node, state.run.get(node.node.id), state.live.kind)),
    path: [`${role}s`],
  };
}

/** The same object for the same node: of a thousand rows few change. */
const nodeRow = lastPer(
  (declared: DeclaredNodeHealth, run: NodeProgress | undefined, live: LiveState['kind']): ExplorerRow => {
    const { node, live: seen, state, words } = declared;
    const base = { id: `node:${node.id}`, label: node.id, context: 'node' as const, children: [], path: node.path };
    const where = node.zone === undefined ? node.host : `${node.host}, zone ${node.zone}`;
    if (run !== undefined && run.state !== 'done') {
      const bad = run.state === 'failed' || run.state === 'unknown';
      return {
        ...base,
        description: run.words,
        tooltip: paragraphs([plainMarkdown(where), plainMarkdown(run.words)]),
        icon: bad
          ? 'error'
          : run.state === 'running'
            ? 'sync~spin'
            : run.state === 'pending'
              ? 'clock'
              : 'circle-slash',
        ...(bad ? { color: 'bad' as const } : {}),
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
    const status = state === 'ready' ? 'Ready' : words;
    const parts = [status, seen.roles.join(','), seen.version, seen.age].filter(
      (part) => part !== undefined && part !== '',
    );
    return {
      ...base,
      description: `${parts.join(' · ')}${live === 'lost' ? ' · last known' : ''}`,
      tooltip: paragraphs([md`**${seen.name}** is ${words}`, ...[where, ...seen.warnings].map(plainMarkdown)]),
      icon: state === 'ready' ? 'pass-filled' : state === 'unknown' ? 'question' : 'error',
      color: state === 'ready' ? (seen.warnings.length > 0 ? 'warning' : 'good') : 'bad',
    };
  },
);

function undeclaredRow(undeclared: readonly NodeHealth[]): ExplorerRow {
  return {
    id: 'extra',
    label: 'Not in the File',
    description: String(undeclared.length),
    tooltip: md`Nodes of the running cluster that the file does not declare.`,
    icon: 'question',
    context: 'group',
    children: undeclared.map(extraRow),
  };
}

const extraRow = oncePer((seen: NodeHealth): ExplorerRow => ({
  id: `extra:${seen.name}`,
  label: seen.name,
  description: [seen.ready === 'ready' ? 'Ready' : seen.reason, seen.version ?? ''].join(' · '),
  tooltip: md`This node is not declared in the file.`,
  icon: 'question',
  context: 'extraNode',
  children: [],
}));
