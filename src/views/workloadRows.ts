import { say } from '../core/base/say';
import { md, plainMarkdown } from '../core/base/markdown';
import { lastPer, oncePer } from '../core/base/remember';
import { count, listed } from '../core/base/words';
import type { Cluster } from '../core/cluster/cluster';
import { podName } from '../core/health/disruption';
import { briefReason, fateSentence, workloadName } from '../core/workloads/fateWords';
import type { WorkloadFate } from '../core/workloads/fates';
import {
  judgeWorkloads,
  withOutcome,
  type FailureJudgement,
  type WorkloadsJudgement,
} from '../core/workloads/judgeWorkloads';
import type { ReadWorkloads } from '../core/workloads/seenWorkloads';
import { shellWord } from '../core/remote/shell';
import { brief, briefest } from './briefWords';
import type { ClusterState } from './clusterState';
import type { ExplorerRow } from './explorerRow';

/** More nodes and zones with something that stops are counted only. */
const MOST_FAILURES = 50;

/** Which workloads stop with which node and zone; read through the API when the row is opened first. */
export function workloadsRow({
  cluster,
  workloads,
  live,
}: Pick<ClusterState, 'cluster' | 'workloads' | 'live'>): ExplorerRow {
  if (workloads === undefined) return { ...base(), description: '', children: [], unread: true };
  const row = readRow(workloads, cluster);
  return live.kind === 'live' ? row : lastKnown(row);
}

/** Of what no longer answers nothing keeps its colour. */
const lastKnown: (row: ExplorerRow) => ExplorerRow = oncePer((row) => ({
  ...row,
  ...(row.context === 'workloads' ? { description: say`as last seen` } : {}),
  color: 'stale',
  children: row.children.map(lastKnown),
}));

const base = () => ({
  id: 'workloads',
  label: say`Workloads`,
  icon: 'package',
  context: 'workloads' as const,
  tooltip: md`Which workloads of the running cluster stop with which node or zone, and what holds a drain up.`,
});

const readRow = lastPer(({ seen, live, readAt }: ReadWorkloads, cluster: Cluster): ExplorerRow => {
  const judged = judgeWorkloads(cluster, seen, live);
  const touched = [...judged.failures].filter(isTouched).sort((a, b) => weight(b) - weight(a));
  const quiet = judged.failures.length - touched.length;
  const stop = names(judged, 'stops');
  const pause = names(judged, 'pauses');
  const words = stop + pause === 0 ? say`all go on` : say`${stop} stop · ${pause} pause`;
  const when = `${new Date(readAt).toISOString().slice(11, 16)} UTC`;
  const none = seen.pods.length === 0;
  return {
    ...base(),
    description: none ? say`no pods` : briefest(words, say`${stop} stop`),
    spoken: none ? say`no pods, as of ${when}` : say`${words}, whichever single node fails, as of ${when}`,
    ...(stop > 0 ? { color: 'warning' as const } : {}),
    children: [
      ...touched.slice(0, MOST_FAILURES).map(failureRow),
      ...(touched.length > MOST_FAILURES ? [countedRow(touched.length - MOST_FAILURES, say`like them`)] : []),
      ...(quiet > 0 ? [countedRow(quiet, say`nothing stops`)] : []),
      ...judged.single.map(({ name, node, lack, cure }): ExplorerRow => ({
        id: `addon:${name}`,
        label: name,
        description: say`one pod`,
        spoken: say`one pod, on ${node}`,
        tooltip: plainMarkdown(
          say`All of ${name} is one pod, on ${node}: while it is away, ${lack}.${cure === undefined ? '' : say` "k3s-ha workloads FILE --cure ${shellWord(name)}" prints a manifest for "manifests:" that keeps two.`}`,
        ),
        icon: 'package',
        ...(cure === undefined ? {} : { color: 'warning' as const }),
        context: 'workload',
        children: [],
      })),
    ],
  };
});

function isTouched({ fates, kept }: FailureJudgement): boolean {
  return kept.length > 0 || fates.some(({ outcome }) => outcome !== 'moves');
}

function weight({ fates }: FailureJudgement): number {
  return withOutcome(fates, 'stops').length * 1000 + withOutcome(fates, 'pauses').length;
}

/** How many workloads have this fate with any single node. */
function names({ failures }: WorkloadsJudgement, outcome: WorkloadFate['outcome']): number {
  const alone = failures.filter(({ failure }) => failure.kind === 'node');
  return new Set(
    alone.flatMap(({ fates }) => withOutcome(fates, outcome).map((fate) => `${fate.kind} ${workloadName(fate)}`)),
  ).size;
}

function failureRow({ failure, fates, kept }: FailureJudgement): ExplorerRow {
  const stop = withOutcome(fates, 'stops').length;
  const pause = withOutcome(fates, 'pauses').length;
  const fewer = withOutcome(fates, 'fewer').length;
  const words = [
    ...(stop > 0 ? [say`${stop} stop`] : []),
    ...(pause > 0 ? [say`${pause} pause`] : []),
    ...(stop + pause === 0 && fewer > 0 ? [say`${fewer} with fewer`] : []),
    ...(stop + pause + fewer === 0 ? [say`holds a drain up`] : []),
  ].join(' · ');
  const id = `failure:${failure.parts.join(' ')}`;
  return {
    id,
    label: failure.label,
    description: brief(words),
    tooltip: md`What goes with ${failure.label}`,
    icon: failure.kind === 'zone' ? 'layers' : 'vm',
    ...(stop > 0 ? { color: 'warning' as const } : {}),
    context: 'failure',
    children: [
      ...withOutcome(fates, 'stops', 'pauses', 'fewer').map((fate) => fateRow(id, fate)),
      ...kept.map(({ why, pods }, i): ExplorerRow => ({
        id: say`${id} kept ${i}`,
        label: listed(pods.map(podName)),
        description: say`holds a drain up`,
        tooltip: plainMarkdown(say`A drain waits: ${why}.`),
        icon: 'lock',
        context: 'workload',
        children: [],
      })),
    ],
  };
}

function fateRow(failure: string, fate: WorkloadFate): ExplorerRow {
  return {
    id: `${failure} ${fate.kind} ${workloadName(fate)}`,
    label: workloadName(fate),
    description: briefReason(fate),
    spoken: fateSentence(fate),
    tooltip: plainMarkdown(fateSentence(fate)),
    icon: fate.outcome === 'stops' ? 'circle-slash' : fate.outcome === 'pauses' ? 'watch' : 'arrow-down',
    ...(fate.outcome === 'stops' ? { color: 'warning' as const } : {}),
    context: 'workload',
    children: [],
  };
}

function countedRow(others: number, words: string): ExplorerRow {
  return {
    id: `workloads: ${words}`,
    label: count(others, 'other'),
    description: words,
    tooltip: plainMarkdown(`${count(others, 'other node or zone')}: ${words}`),
    icon: 'check',
    context: 'workload',
    children: [],
  };
}
