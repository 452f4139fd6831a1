import { listed } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { survives } from '../../core/topology/survival';
import type { LessonPlan, LessonRecord } from './lesson';

/** What everybody said, beside what happened. */
export interface LessonResult {
  /** Whether the person was right. */
  readonly right: boolean;
  /** The verdict, in a sentence. */
  readonly headline: string;
  /** One line for each of those who spoke: you, the cluster, the diagram, Kubernetes. */
  readonly lines: readonly { readonly who: string; readonly said: string }[];
  /** The diagram had calculated something else than what happened. */
  readonly calculationWrong: boolean;
}

/** Compares what somebody expected with what happened, with what the diagram calculates, and with what Kubernetes said. */
export function lessonResult(cluster: Cluster, plan: LessonPlan, predicted: string, seen: LessonRecord): LessonResult {
  const happened = plan.happened(seen);
  const calculated = plan.calculated?.(cluster);
  const { api, workloads } = survives(cluster, plan.parts);
  const label = (id: string): string => plan.choices.find((choice) => choice.id === id)?.label ?? id;
  return {
    right: predicted === happened,
    headline:
      predicted === happened
        ? `As you expected: ${label(happened).toLowerCase()}.`
        : `Not as you expected: ${label(happened).toLowerCase()}.`,
    lines: [
      { who: 'You', said: label(predicted) },
      { who: 'The cluster', said: apiWords(seen) },
      { who: 'The diagram', said: calculated === undefined ? workloads.reason : api.reason },
      { who: 'Kubernetes', said: kubernetesWords(seen) },
    ],
    calculationWrong: calculated !== undefined && calculated !== happened,
  };
}

function apiWords({ apiAnswers, longestGapMs, silentAfterMs }: LessonRecord): string {
  const gap = `${seconds(longestGapMs)} without an answer at the longest`;
  const silent = silentAfterMs === undefined ? '' : `; seen to be silent after ${seconds(silentAfterMs)}`;
  return `${apiAnswers ? 'The API answers' : 'The API does not answer'}, ${gap}${silent}`;
}

function kubernetesWords({ apiAnswers, kubernetes, noticedAfterMs }: LessonRecord): string {
  if (!apiAnswers) return 'Nothing: nobody can ask it';
  if (kubernetes.length === 0) return 'All nodes are ready';
  const after = noticedAfterMs === undefined ? '' : `, after ${seconds(noticedAfterMs)}`;
  return `${listed(kubernetes.map(({ name }) => name))} ${kubernetes.length === 1 ? 'is' : 'are'} not ready${after}`;
}

/** In the time of the simulation. */
function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
