import { problemSentence } from '../base/problemSentence';
import type { Cluster } from '../cluster/cluster';
import type { RunReport } from '../plan/events';
import type { Plan } from '../plan/plan';
import { survives } from '../topology/survival';
import { diagramPart, drillPart, partWords } from './drillPart';
import { differencesOf, type DrilledPart, type DrillReport, type Seen } from './drillReport';

/** What a report is made of. */
export interface DrillOutcome extends Pick<DrillReport, 'began' | 'ended' | 'address' | 'everyMs' | 'simulated'> {
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly run: Pick<RunReport, 'result' | 'problems'>;
  /** What was seen of a part; undefined when it was not taken away. */
  readonly seen: (part: string) => (Seen & { readonly stops?: readonly string[] }) | undefined;
}

/** Puts what was predicted beside what was seen. */
export function reportOf({ cluster, plan, run, seen, ...rest }: DrillOutcome): DrillReport {
  const taken = plan.steps.filter(({ kind }) => kind === 'take-away').map(({ input }) => input as Taken);
  return {
    cluster: cluster.name,
    ...rest,
    watchedSeconds: Math.max(0, ...taken.map(({ seconds }) => seconds)),
    result: run.result,
    surprises: run.problems.map(problemSentence),
    parts: taken.map(({ part }) => drilled(cluster, part, seen(part))),
  };
}

interface Taken {
  readonly part: string;
  readonly seconds: number;
}

function drilled(cluster: Cluster, name: string, observed: ReturnType<DrillOutcome['seen']>): DrilledPart {
  const part = drillPart(cluster, name);
  const { api, quorum } = survives(cluster, part.ok ? [diagramPart(part.value)] : []);
  const base = { part: name, words: part.ok ? partWords(part.value) : name };
  const known = { api, ...(quorum === undefined ? {} : { quorum }) };
  if (observed === undefined) return { ...base, taken: false, predicted: known, differences: [] };
  const { stops, ...seen } = observed;
  const predicted = { ...known, ...(stops === undefined ? {} : { stops }) };
  return { ...base, taken: true, predicted, seen, differences: differencesOf(predicted, seen) };
}
