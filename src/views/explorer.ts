import { said, say } from '../core/base/say';
import { count, listed } from '../core/base/words';
import { code, lines, md, paragraphs, plainMarkdown } from '../core/base/markdown';
import { etcdAlarm, type EtcdAlarm } from '../core/health/etcdAlarm';
import { filledBy, roomWords } from '../core/hostChecks/reading/etcdRoom';
import { datastoreOfType } from '../core/datastore/registry';
import type { Cluster } from '../core/cluster/cluster';
import { etcdMembers, quorumOf } from '../core/cluster/roles';
import { simulationMarks, simulationWords, type FaultId } from '../core/health/simulation';
import { BALANCER } from '../core/topology/ids';
import { attentionRows } from './attention';
import { brief } from './briefWords';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf, type ClusterView } from './clusterView';
import type { ExplorerRow, RowLink } from './explorerRow';
import { groupRow, undeclaredRow } from './groupRows';
import { headline, type StateColor } from './headline';
import { snapshotsRow } from './snapshotRows';
import { workloadsRow } from './workloadRows';

/**
 * A cluster as rows: what is not well, load balancer, datastore, servers, agents, and nodes that the file does not know. The
 * file is named where `others` of the workspace have the same name.
 */
export function clusterRow(state: ClusterState, fileLabel: string, others: readonly string[] = []): ExplorerRow {
  const { cluster, live } = state;
  const { health, stale, seen } = viewOf(state);
  const { label, words, brief: short, simulated, tooltip, icon, color } = headline(state, fileLabel);
  const { undeclared } = health;
  const isNameShared = others.filter((name) => name === cluster.name).length > 1;
  const rows: readonly ExplorerRow[] = [
    ...(cluster.loadBalancer === undefined
      ? []
      : [
          loadBalancerRow(cluster, live, health.simulated ? (state.simulation?.faults.get(BALANCER) ?? []) : undefined),
        ]),
    datastoreRow(cluster, viewOf(state), etcdAlarm(state.etcd)),
    groupRow('server', state),
    ...(cluster.agents.length > 0 ? [groupRow('agent', state)] : []),
    ...(seen.length > 0 ? [workloadsRow(state)] : []),
    ...(cluster.datastore.type === 'embedded-etcd' ? [snapshotsRow(state.snapshots)] : []),
    ...(undeclared.length > 0 ? [undeclaredRow(undeclared, stale)] : []),
    historyRow(),
  ];
  return {
    id: 'cluster',
    label,
    description: isNameShared ? brief(fileLabel) : short,
    spoken: [words, ...(simulated ? [say`simulated`] : []), fileLabel].join(' · '),
    tooltip,
    icon,
    ...(color === undefined ? {} : { color }),
    context: 'cluster',
    expanded: true,
    children: [...attentionRows(rows), ...rows],
    path: [],
    links: LINKS[live.kind] ?? ['topology', 'plan', 'refresh'],
  };
}

/** What helps on from there. */
const LINKS: Partial<Record<LiveState['kind'], readonly RowLink[]>> = {
  'not-provisioned': ['provision', 'plan', 'topology'],
  'no-kubeconfig': ['kubeconfig', 'plan', 'topology'],
  'other-installation': ['kubeconfig', 'refresh', 'topology'],
  'not-on-disk': ['topology'],
};

/** Nothing is read for it before somebody opens it. */
let history: ExplorerRow | undefined;
const historyRow = (): ExplorerRow =>
  (history ??= {
    id: 'history',
    label: say`History`,
    description: '',
    tooltip: md`What was done to this cluster, when and by whom.`,
    icon: 'history',
    context: 'history',
    children: [],
    links: ['history'],
  });

/** `faults`: what is made to fail there; undefined where nothing can be, because it is no simulation. */
function loadBalancerRow(cluster: Cluster, live: LiveState, faults: readonly FaultId[] | undefined): ExplorerRow {
  const { address = '', port = 6443, type = 'external' } = cluster.loadBalancer ?? {};
  const [words, short, icon, color] = balancerState(live, type);
  return {
    id: 'loadBalancer',
    label: say`Load Balancer`,
    description: short,
    spoken: [`${address}:${port}`, words, ...simulationWords(faults ?? [])].join(' · '),
    ...(faults === undefined ? {} : { can: ['simulated', ...simulationMarks(faults)].join(' ') }),
    tooltip: paragraphs([
      md`The fixed address (${type}) of kubectl and of joining agents: ${code(`https://${address}:${port}`)}`,
      plainMarkdown(words === type ? '' : words),
      lines(simulationWords(faults ?? [])),
    ]),
    links: ['reveal', 'topology'],
    icon,
    ...(color === undefined ? {} : { color }),
    context: 'loadBalancer',
    children: [],
    path: ['loadBalancer'],
  };
}

function balancerState(
  live: LiveState,
  type: string,
): readonly [words: string, brief: string, icon: string, color?: StateColor] {
  if (live.kind === 'live')
    return live.via === 'direct'
      ? [say`answers`, say`answers`, 'pass', 'good']
      : [say`does not answer; watched over SSH`, say`does not answer`, 'warning', 'warning'];
  // Whether it or what stands behind it is silent cannot be seen from here.
  return live.kind === 'lost'
    ? [say`no answer through it`, say`no answer`, 'type-hierarchy', 'stale']
    : [type, type, 'type-hierarchy'];
}

function datastoreRow(cluster: Cluster, { health, stale }: ClusterView, alarm: EtcdAlarm | undefined): ExplorerRow {
  const { type, path } = cluster.datastore;
  const { etcd } = health;
  const members = etcdMembers(cluster).length;
  const needed = quorumOf(members);
  const embedded = type === 'embedded-etcd';
  const { label: english, home } = datastoreOfType(type);
  const label = said(english);
  const tolerance = say`survives ${Math.max(0, members - needed)} of ${members}`;
  const more = etcd === undefined ? 0 : etcd.alive - etcd.needed;
  const now =
    etcd === undefined
      ? tolerance
      : stale
        ? say`last seen ${etcd.alive}/${etcd.voters} voters`
        : more < 0
          ? say`quorum lost (${etcd.alive} of ${etcd.voters})`
          : say`${etcd.alive}/${etcd.voters} voters · ${more === 0 && etcd.voters > 1 ? say`no more may fail` : say`may lose ${more} more`}`;
  const raised = alarm === undefined ? undefined : say`alarm ${listed(alarm.names)}`;
  const short =
    raised !== undefined
      ? raised
      : etcd === undefined
        ? say`etcd, ${count(members, 'member')}`
        : stale
          ? say`last seen ${etcd.alive}/${etcd.voters}`
          : more < 0
            ? say`quorum lost, ${etcd.alive}/${etcd.voters}`
            : `${etcd.alive}/${etcd.voters} · ${more === 0 && etcd.voters > 1 ? say`no reserve` : say`${more} may fail`}`;
  // Without a reserve nothing is broken, and nothing is well.
  const color = stale
    ? 'stale'
    : raised !== undefined || more < 0
      ? 'bad'
      : etcd?.alive === etcd?.voters
        ? 'good'
        : more === 0
          ? 'warning'
          : 'good';
  return {
    id: 'datastore',
    label: say`Datastore`,
    description: embedded ? short : brief(label),
    spoken: embedded
      ? [label, ...(raised === undefined ? [] : [raised]), now].join(' · ')
      : home === 'servers'
        ? say`${label} on one server`
        : label,
    tooltip: embedded
      ? paragraphs([
          md`${members} members need ${needed} for a quorum, so ${Math.max(0, members - needed)} may fail.`,
          plainMarkdown(etcd === undefined ? '' : now),
          ...(alarm === undefined
            ? []
            : [
                plainMarkdown(
                  say`${raised} at the last look: ${roomWords(alarm.load)} on ${alarm.machine}${filledBy(alarm.load)}.`,
                ),
              ]),
        ])
      : plainMarkdown(
          home === 'servers' ? say`${label} on the only server.` : say`Every server uses the same ${label}.`,
        ),
    links: ['reveal', 'topology'],
    icon: 'database',
    ...(etcd === undefined && raised === undefined ? {} : { color }),
    context: 'datastore',
    children: [],
    ...(path === undefined ? {} : { path }),
  };
}
