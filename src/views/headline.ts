import { say } from '../core/base/say';
import { md, paragraphs, plainMarkdown, type Markdown } from '../core/base/markdown';
import { problemSentence } from '../core/base/problemSentence';
import { count, listed } from '../core/base/words';
import { etcdAlarm } from '../core/health/etcdAlarm';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf, type ClusterView } from './clusterView';

/** Colors that stand for a state; `stale`: it was known once, and nothing is known now. */
export type StateColor = 'good' | 'warning' | 'bad' | 'stale';

/** A cluster in a few words, for a row, a status bar or a title. */
export interface Headline {
  /** Its name, or that of its file. */
  readonly label: string;
  /** How it is. */
  readonly words: string;
  /** The same for a row of the explorer. */
  readonly brief: string;
  readonly simulated: boolean;
  readonly tooltip: Markdown;
  /** Codicon id. */
  readonly icon: string;
  readonly color?: StateColor;
}

/** `fileLabel`: the file's name as people know it. */
export function headline(state: ClusterState, fileLabel: string): Headline {
  const { cluster, live, unreadable } = state;
  const view = viewOf(state);
  const { health, errors } = view;
  const simulated = health.simulated ? ' · simulated' : '';
  return {
    label: cluster.name === '' ? fileLabel : cluster.name,
    words: [
      clusterWords(live, view),
      ...alarmWords(state),
      ...(unreadable === undefined ? [] : [say`file unreadable`]),
    ].join(' · '),
    brief: unreadable === undefined ? briefWords(live, view) : say`file unreadable`,
    simulated: health.simulated,
    tooltip: paragraphs([
      cluster.name === '' ? plainMarkdown(simulated) : md`**${cluster.name}**${simulated}`,
      plainMarkdown(fileLabel),
      ...liveWords(live).map(plainMarkdown),
      ...(live.kind === 'live' ? [plainMarkdown(health.verdict)] : []),
      ...(unreadable === undefined
        ? errors > 0
          ? [md`${count(errors, 'error')} in the file`]
          : []
        : [md`The file cannot be read (line ${unreadable}). What is shown of it is the last one that could be.`]),
    ]),
    ...clusterIcon(live, view, alarmWords(state).length > 0),
  };
}

/** What etcd has told of itself at the last look, as long as the cluster is watched. */
function alarmWords({ live, etcd }: ClusterState): readonly string[] {
  const alarm = live.kind === 'live' ? etcdAlarm(etcd) : undefined;
  return alarm === undefined ? [] : [say`etcd alarm ${listed(alarm.names)}`];
}

function clusterWords(live: LiveState, { health, run }: ClusterView): string {
  if (run.phase === 'running') return say`provisioning, ${run.done} of ${run.total}`;
  if (run.phase === 'unfinished') return say`not finished, ${run.done} of ${run.total}`;
  switch (live.kind) {
    case 'idle':
      return say`${count(health.nodes.length, 'node')}, not watched`;
    case 'not-on-disk':
      return say`in a virtual workspace: not contacted`;
    case 'no-kubeconfig':
      return say`not connected`;
    case 'not-provisioned':
      return say`not provisioned yet`;
    case 'other-installation':
      return say`kubeconfig of an earlier installation`;
    case 'connecting':
      return 'connecting';
    case 'live':
      return say`${health.nodes.filter((node) => node.state === 'ready').length}/${health.nodes.length} ready`;
    case 'lost':
      return live.liveness?.electing === true ? say`electing an etcd leader` : say`API does not answer`;
  }
}

function briefWords(live: LiveState, { health, run }: ClusterView): string {
  if (run.phase === 'running') return say`${run.done} of ${run.total} steps`;
  if (run.phase === 'unfinished') return say`unfinished ${run.done}/${run.total}`;
  switch (live.kind) {
    case 'idle':
      return count(health.nodes.length, 'node');
    case 'not-on-disk':
      return say`not contacted`;
    case 'no-kubeconfig':
      return say`not connected`;
    case 'not-provisioned':
      return say`not provisioned`;
    case 'other-installation':
      return say`old kubeconfig`;
    case 'connecting':
      return 'connecting';
    case 'live': {
      const ready = `${health.nodes.filter((node) => node.state === 'ready').length}/${health.nodes.length}`;
      return `${ready} ${health.simulated ? '· simulated' : 'ready'}`;
    }
    case 'lost':
      return live.liveness?.electing === true ? say`electing a leader` : say`API is silent`;
  }
}

/** What is known of the running cluster, a paragraph each. */
function liveWords(live: LiveState): readonly string[] {
  switch (live.kind) {
    case 'idle':
      return [say`Not looked at yet.`];
    case 'no-kubeconfig':
      return [
        say`There is no kubeconfig for this cluster on this machine. Provision the cluster, merge its kubeconfig, or refresh to look over SSH.`,
      ];
    case 'not-provisioned':
      return [say`No server has K3s yet. Provision the cluster to begin.`];
    case 'other-installation':
      return [
        say`The kubeconfig of this machine is of an earlier installation of this cluster: what answers there has another certificate authority.`,
        say`Refresh to look over SSH, or merge its kubeconfig.`,
      ];
    case 'connecting':
      return ['Connecting …'];
    case 'live':
      return [
        say`Kubernetes ${live.version}, watched ${live.via === 'direct' ? say`through its fixed address` : say`through SSH to ${live.via}`}.`,
      ];
    case 'lost':
      return [
        ...(live.lastSeen === undefined ? [] : [say`It answered last at ${live.lastSeen}.`]),
        problemSentence(live.problem),
      ];
    case 'not-on-disk':
      return [problemSentence(live.problem)];
  }
}

function clusterIcon(
  live: LiveState,
  { health, run, errors }: ClusterView,
  isAlarmed: boolean,
): Pick<Headline, 'icon' | 'color'> {
  if (run.phase === 'running') return { icon: 'sync~spin' };
  switch (live.kind) {
    case 'lost':
      return live.liveness?.electing === true
        ? { icon: 'sync~spin', color: 'warning' }
        : { icon: 'error', color: 'bad' };
    case 'not-provisioned':
      return errors > 0 ? { icon: 'warning', color: 'warning' } : { icon: 'circle-outline', color: 'stale' };
    case 'other-installation':
      return { icon: 'warning', color: 'warning' };
    case 'connecting':
      return { icon: 'loading~spin' };
    case 'live':
      if (isAlarmed) return { icon: 'error', color: 'bad' };
      if (health.level === 'healthy') return { icon: 'pass-filled', color: 'good' };
      return health.level === 'critical' ? { icon: 'error', color: 'bad' } : { icon: 'warning', color: 'warning' };
    case 'idle':
    case 'not-on-disk':
    case 'no-kubeconfig':
      return errors > 0 ? { icon: 'warning', color: 'warning' } : { icon: 'server-environment' };
  }
}
