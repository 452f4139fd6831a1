import { code, md, paragraphs, plainMarkdown, type Markdown } from '../../core/base/markdown';
import type { Path } from '../../core/base/path';
import { clusterHealth, type ClusterHealth, type DeclaredNodeHealth } from '../../core/health/clusterHealth';
import type { NodeHealth } from '../../core/health/nodeHealth';
import { datastoreOfType } from '../../core/datastore/registry';
import type { NodeRole } from '../../core/k3s/nodeRole';
import type { Cluster } from '../../core/cluster/cluster';
import { etcdMembers, quorumOf } from '../../core/cluster/roles';
import { isActive, type NodeProgress } from '../../core/plan/progress';
import type { ClusterState, LiveState } from '../clusters/clusterState';

/** One row of the explorer as plain data; explorerTree.ts turns it into a TreeItem. */
export interface ExplorerRow {
  /** Stable: holds nothing that changes with the state. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: Markdown;
  /** Codicon id. */
  readonly icon: string;
  readonly color?: 'good' | 'warning' | 'bad';
  readonly context: 'cluster' | 'loadBalancer' | 'datastore' | 'group' | 'node' | 'extraNode';
  readonly expanded?: boolean;
  readonly children: readonly ExplorerRow[];
  /** What to reveal in the file on a click. */
  readonly path?: Path;
}

/** A cluster as rows: load balancer, datastore, servers, agents, and nodes that the file does not know. */
export function clusterRow(state: ClusterState, fileLabel: string): ExplorerRow {
  const { cluster, live } = state;
  const errors = state.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const health = clusterHealth(cluster, liveNodes(live));
  const rows: ExplorerRow[] = [];
  if (cluster.loadBalancer !== undefined) rows.push(loadBalancerRow(cluster, live));
  rows.push(datastoreRow(cluster, health));
  rows.push(groupRow('server', state, health));
  if (cluster.agents.length > 0) rows.push(groupRow('agent', state, health));
  const { undeclared } = health;
  if (undeclared.length > 0)
    rows.push({
      id: 'extra',
      label: 'Not in the File',
      description: String(undeclared.length),
      tooltip: md`Nodes of the running cluster that the file does not declare.`,
      icon: 'question',
      context: 'group',
      children: undeclared.map(extraRow),
    });
  const simulated = health.simulated ? ' · simulated' : '';
  return {
    id: 'cluster',
    label: cluster.name === '' ? fileLabel : cluster.name,
    description: `${clusterWords(state, health)}${simulated} · ${fileLabel}`,
    tooltip: paragraphs([
      cluster.name === '' ? plainMarkdown(simulated) : md`**${cluster.name}**${simulated}`,
      plainMarkdown(fileLabel),
      ...liveWords(live).map(plainMarkdown),
      ...(live.kind === 'live' ? [plainMarkdown(health.verdict)] : []),
      ...(errors > 0 ? [md`${errors} ${errors === 1 ? 'error' : 'errors'} in the file`] : []),
    ]),
    ...clusterIcon(state, health, errors),
    context: 'cluster',
    expanded: true,
    children: rows,
    path: [],
  };
}

function clusterWords(state: ClusterState, health: ClusterHealth): string {
  if (isActive(state.run)) return 'provisioning';
  switch (state.live.kind) {
    case 'idle':
      return `${health.nodes.length} ${health.nodes.length === 1 ? 'node' : 'nodes'}`;
    case 'not-on-disk':
      return 'in a virtual workspace: not contacted';
    case 'no-kubeconfig':
      return 'not connected';
    case 'connecting':
      return 'connecting';
    case 'live':
      return `${health.nodes.filter((node) => node.state === 'ready').length}/${health.nodes.length} ready`;
    case 'lost':
      return 'API does not answer';
  }
}

/** What is known of the running cluster, a paragraph each. */
function liveWords(live: LiveState): readonly string[] {
  switch (live.kind) {
    case 'idle':
      return ['Not looked at yet.'];
    case 'no-kubeconfig':
      return [
        'There is no kubeconfig for this cluster on this machine. Provision the cluster, merge its kubeconfig, or refresh to look over SSH.',
      ];
    case 'connecting':
      return ['Connecting …'];
    case 'live':
      return [
        `Kubernetes ${live.version}, watched ${live.via === 'direct' ? 'through its fixed address' : `through SSH to ${live.via}`}.`,
      ];
    case 'not-on-disk':
    case 'lost':
      return [
        `${live.problem.message}${live.problem.why === undefined ? '' : `: ${live.problem.why}`}`,
        ...live.problem.nextSteps,
      ];
  }
}

function clusterIcon(state: ClusterState, health: ClusterHealth, errors: number): Pick<ExplorerRow, 'icon' | 'color'> {
  if (isActive(state.run)) return { icon: 'sync~spin' };
  switch (state.live.kind) {
    case 'lost':
      return { icon: 'error', color: 'bad' };
    case 'connecting':
      return { icon: 'loading~spin' };
    case 'live':
      if (health.level === 'healthy') return { icon: 'pass-filled', color: 'good' };
      return health.level === 'critical' ? { icon: 'error', color: 'bad' } : { icon: 'warning', color: 'warning' };
    case 'idle':
    case 'not-on-disk':
    case 'no-kubeconfig':
      return errors > 0 ? { icon: 'warning', color: 'warning' } : { icon: 'server-environment' };
  }
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

function groupRow(role: NodeRole, state: ClusterState, health: ClusterHealth): ExplorerRow {
  const nodes = health.nodes.filter(({ node }) => node.role === role);
  const ready = nodes.filter((node) => node.state === 'ready').length;
  const known = liveNodes(state.live).length > 0;
  return {
    id: `${role}s`,
    label: role === 'server' ? 'Servers' : 'Agents',
    description: known ? `${ready}/${nodes.length} ready` : String(nodes.length),
    tooltip: md`${nodes.length} declared`,
    icon: role === 'server' ? 'server' : 'vm',
    context: 'group',
    expanded: nodes.length <= 20,
    children: nodes.map((node) => nodeRow(node, state.run.get(node.node.id), state.live)),
    path: [`${role}s`],
  };
}

function nodeRow(
  { node, live: seen, state, words }: DeclaredNodeHealth,
  run: NodeProgress | undefined,
  live: LiveState,
): ExplorerRow {
  const base = { id: `node:${node.id}`, label: node.id, context: 'node' as const, children: [], path: node.path };
  const where = node.zone === undefined ? node.host : `${node.host}, zone ${node.zone}`;
  if (run !== undefined && run.state !== 'done') {
    const bad = run.state === 'failed' || run.state === 'unknown';
    return {
      ...base,
      description: run.words,
      tooltip: paragraphs([plainMarkdown(where), plainMarkdown(run.words)]),
      icon: bad ? 'error' : run.state === 'running' ? 'sync~spin' : run.state === 'pending' ? 'clock' : 'circle-slash',
      ...(bad ? { color: 'bad' as const } : {}),
    };
  }
  if (seen === undefined) {
    const absent = live.kind === 'live';
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
    description: `${parts.join(' · ')}${live.kind === 'lost' ? ' · last known' : ''}`,
    tooltip: paragraphs([md`**${seen.name}** is ${words}`, ...[where, ...seen.warnings].map(plainMarkdown)]),
    icon: state === 'ready' ? 'pass-filled' : state === 'unknown' ? 'question' : 'error',
    color: state === 'ready' ? (seen.warnings.length > 0 ? 'warning' : 'good') : 'bad',
  };
}

function extraRow(seen: NodeHealth): ExplorerRow {
  return {
    id: `extra:${seen.name}`,
    label: seen.name,
    description: [seen.ready === 'ready' ? 'Ready' : seen.reason, seen.version ?? ''].join(' · '),
    tooltip: md`This node is not declared in the file.`,
    icon: 'question',
    context: 'extraNode',
    children: [],
  };
}

/** Nodes of the running cluster as last seen. */
export function liveNodes(live: LiveState): readonly NodeHealth[] {
  return live.kind === 'live' || live.kind === 'lost' ? live.nodes : [];
}
