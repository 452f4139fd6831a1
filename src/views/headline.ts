import { md, paragraphs, plainMarkdown, type Markdown } from '../core/base/markdown';
import { count } from '../core/base/words';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf, type ClusterView } from './clusterView';

/** Colors that stand for a state. */
export type StateColor = 'good' | 'warning' | 'bad';

/** A cluster in a few words, for a row, a status bar or a title. */
export interface Headline {
  /** Its name, or that of its file. */
  readonly label: string;
  /** How it is. */
  readonly words: string;
  readonly simulated: boolean;
  readonly tooltip: Markdown;
  /** Codicon id. */
  readonly icon: string;
  readonly color?: StateColor;
}

/** `fileLabel`: the file's name as people know it. */
export function headline(state: ClusterState, fileLabel: string): Headline {
  const { cluster, live } = state;
  const view = viewOf(state);
  const { health, errors } = view;
  const simulated = health.simulated ? ' · simulated' : '';
  return {
    label: cluster.name === '' ? fileLabel : cluster.name,
    words: clusterWords(live, view),
    simulated: health.simulated,
    tooltip: paragraphs([
      cluster.name === '' ? plainMarkdown(simulated) : md`**${cluster.name}**${simulated}`,
      plainMarkdown(fileLabel),
      ...liveWords(live).map(plainMarkdown),
      ...(live.kind === 'live' ? [plainMarkdown(health.verdict)] : []),
      ...(errors > 0 ? [md`${count(errors, 'error')} in the file`] : []),
    ]),
    ...clusterIcon(live, view),
  };
}

function clusterWords({ kind }: LiveState, { health, run }: ClusterView): string {
  if (run.phase === 'running') return 'provisioning';
  switch (kind) {
    case 'idle':
      return count(health.nodes.length, 'node');
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

function clusterIcon({ kind }: LiveState, { health, run, errors }: ClusterView): Pick<Headline, 'icon' | 'color'> {
  if (run.phase === 'running') return { icon: 'sync~spin' };
  switch (kind) {
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
