import { later, said, say } from '../core/base/say';
import { count, listed } from '../core/base/words';
import type { Head, Outcome, Outlook, Part } from '../core/topology/model';
import type { DrawnCluster } from '../core/topology/picture';
import type { ClusterState, LiveState } from './clusterState';
import { viewOf, type ClusterView } from './clusterView';

/** What stands above the picture: what it is of, how that is, and whether the file says something else. */
export function headOf(state: ClusterState, drawn: DrawnCluster, outlook: Outlook): Head {
  const view = viewOf(state);
  const base = baseOf(state.live, view);
  const chosen = outlook.chosen.map((id) => labelOf(id, drawn.whole.parts));
  const whatIf = chosen.length > 0;
  return {
    mode: whatIf ? 'what if' : base,
    base,
    note: noteOf(state.live, base, whatIf),
    outcome: whatIf ? outlook.survival.api.outcome : grade(base, outlook, drawn),
    words: whatIf ? outlook.survival.api.reason : baseWords(state.live, view, base, drawn, outlook),
    question: whatIf ? whatIfWords(chosen, outlook) : said(QUESTION[base]),
    warning:
      state.unreadable === undefined
        ? ''
        : say`The file cannot be read (line ${state.unreadable}): this is the last one that could be.`,
  };
}

type Base = Head['base'];

function baseOf({ kind }: LiveState, { running }: ClusterView): Base {
  if (kind === 'lost' || (kind === 'connecting' && running !== undefined)) return 'last known';
  return kind === 'live' && running !== undefined ? 'now' : 'as designed';
}

const QUESTION: Readonly<Record<Base, string>> = {
  'as designed': later`As designed, with everything up`,
  now: later`Now`,
  'last known': later`While the API does not answer`,
};

/** Beside the mode: how it is known, or why nothing is. */
function noteOf(live: LiveState, base: Base, whatIf: boolean): string {
  const on = whatIf
    ? say`on top of ${base === 'last known' ? say`what was last known` : base === 'now' ? say`now` : say`the design`}`
    : '';
  if (on !== '') return on;
  switch (live.kind) {
    case 'idle':
      return say`not watched`;
    case 'not-on-disk':
      return say`a virtual workspace: no machine is contacted`;
    case 'no-kubeconfig':
      return say`not connected`;
    case 'not-provisioned':
      return say`nothing runs yet`;
    case 'other-installation':
      return say`the kubeconfig is of an earlier installation`;
    case 'connecting':
      return say`connecting …`;
    case 'live':
      return live.via === 'direct' ? '' : say`over SSH to ${live.via}`;
    case 'lost':
      return live.lastSeen === undefined ? '' : say`seen at ${live.lastSeen}`;
  }
}

function whatIfWords(chosen: readonly string[], { chosen: ids, down }: Outlook): string {
  const names = chosen.length > 3 ? count(chosen.length, 'part') : listed(chosen);
  const networks = ids.every((id) => id.startsWith('network:'));
  const verb = networks
    ? chosen.length === 1
      ? say`is cut`
      : say`are cut`
    : chosen.length === 1
      ? say`fails`
      : say`fail`;
  return say`What if ${names} ${verb}${down.length > 0 ? say`, too` : ''}`;
}

function baseWords(live: LiveState, view: ClusterView, base: Base, drawn: DrawnCluster, { survival }: Outlook): string {
  if (base === 'as designed') return drawn.verdict;
  if (base === 'last known') return lostWords(live, view);
  const { health } = view;
  const troubles = troublesOf(view);
  if (troubles.length === 0) return say`${count(health.nodes.length, 'node')}, all ready. ${drawn.verdict}`;
  const consequences =
    survival.datastore.outcome === 'no'
      ? [survival.datastore.reason]
      : [survival.api.reason, survival.datastore.reason];
  return [say`${troubles.join(say`; `)}.`, ...consequences].join(' ');
}

function lostWords(live: LiveState, { health, stale }: ClusterView): string {
  const ready = health.nodes.filter(({ state }) => state === 'ready').length;
  const last = stale ? say` ${ready} of ${count(health.nodes.length, 'node')} were ready when it last did.` : '';
  if (live.kind === 'connecting') return say`Connecting to the API.${last}`;
  if ('liveness' in live && live.liveness?.electing === true)
    return say`etcd elects a new leader, which takes up to 10 s: the API answers again then.${last}`;
  const asked = health.nodes.filter((node) => node.live?.answers !== undefined);
  if (asked.length === 0) return say`The API does not answer.${last} Nothing here is known to be up.`;
  const answering = asked.filter((node) => node.live?.answers === true).length;
  return say`The API does not answer. ${answering} of ${count(health.nodes.length, 'node')} answer themselves.`;
}

/** Who is down and who is missing, servers before agents. */
function troublesOf({ health }: ClusterView): readonly string[] {
  const none = (): { all: number; down: string[]; absent: string[] } => ({ all: 0, down: [], absent: [] });
  const found = { server: none(), agent: none() };
  for (const { node, state, live } of health.nodes) {
    const role = found[node.role];
    role.all += 1;
    if (state === 'absent') role.absent.push(node.id);
    else if (state !== 'ready' || live?.etcdFault !== undefined) role.down.push(node.id);
  }
  const clause = (ids: readonly string[], role: 'server' | 'agent', is: string): readonly string[] => {
    if (ids.length === 0) return [];
    const { all } = found[role];
    const names =
      ids.length > 3 || (ids.length === all && all > 1) ? say`${ids.length} of ${count(all, role)}` : listed(ids);
    return [say`${names} ${ids.length === 1 ? 'is' : 'are'} ${is}`];
  };
  return (['server', 'agent'] as const).flatMap((role) => [
    ...clause(found[role].down, role, say`down`),
    ...clause(found[role].absent, role, say`not in the cluster`),
  ]);
}

/** The sign before the verdict: what runs is judged by what works now, a design by what it hangs on. */
function grade(base: Base, { survival, singlePoints, down }: Outlook, { whole }: DrawnCluster): Outcome {
  if (base === 'last known') return 'no';
  if (survival.api.outcome === 'no') return 'no';
  const certain = singlePoints.filter((point) => point.certain);
  if (base === 'now' && (down.length > 0 || survival.api.outcome !== 'yes' || survival.datastore.outcome !== 'yes'))
    return 'partly';
  if (certain.some((point) => whole.parts.some((part) => part.id === point.partId && part.kind === 'server')))
    return 'no';
  return certain.length > 0 ? 'partly' : 'yes';
}

function labelOf(id: string, parts: readonly Part[]): string {
  return parts.find((part) => part.id === id)?.label ?? id;
}
