import type { Cluster } from '../cluster/cluster';
import { isEvicted, keptPods, type KeptPods } from '../health/disruption';
import type { NodeHealth } from '../health/nodeHealth';
import { chosenFailure, singleNodeFailures, type PlayedFailure } from './failures';
import { fatesOf, type Outcome, type WorkloadFate } from './fates';
import { singleAddons, type SingleAddon } from './packagedAddons';
import { indexOf } from './places';
import type { SeenWorkloads } from './seenWorkloads';

/** What a failure means for workloads. */
export interface FailureJudgement {
  readonly failure: PlayedFailure;
  /** Those that it touches, the worst first. */
  readonly fates: readonly WorkloadFate[];
  /** Pods that a drain of these nodes could not move now; empty for a zone, which nobody drains at once. */
  readonly kept: readonly KeptPods[];
  /** Pods that move to other nodes. */
  readonly moving: number;
}

export interface WorkloadsJudgement {
  readonly failures: readonly FailureJudgement[];
  readonly single: readonly SingleAddon[];
  readonly pods: number;
}

/** What each node and each zone takes along, on top of parts that are down. */
export function judgeWorkloads(
  cluster: Cluster,
  seen: SeenWorkloads,
  live: readonly NodeHealth[],
  down: readonly string[] = [],
): WorkloadsJudgement {
  const already = down.length === 0 ? undefined : chosenFailure(cluster, live, down).nodes;
  const failures = singleNodeFailures(cluster, live, down)
    .filter(({ nodes }) => already === undefined || [...nodes].some((name) => !already.has(name)))
    .map((failure) => judgeFailure(seen, failure, already));
  return { failures, single: singleAddons(seen), pods: seen.pods.length };
}

/** What one failure takes along; `already`: nodes that are gone before it. */
export function judgeFailure(
  seen: SeenWorkloads,
  failure: PlayedFailure,
  already?: ReadonlySet<string>,
): FailureJudgement {
  const { byNode } = indexOf(seen);
  const gone = already === undefined ? failure.nodes : new Set([...failure.nodes, ...already]);
  const all = fatesOf(seen, gone, failure.decided);
  const pods = [...failure.nodes].flatMap((name) => byNode.get(name) ?? []);
  return {
    failure,
    fates: [...all].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome)),
    kept: failure.kind === 'node' ? keptPods({ pods, budgets: seen.budgets }, failure.nodes) : [],
    moving: pods.filter(isEvicted).length,
  };
}

const ORDER: readonly Outcome[] = ['stops', 'pauses', 'fewer', 'moves'];

/** Fates of an outcome. */
export function withOutcome(fates: readonly WorkloadFate[], ...outcomes: readonly Outcome[]): readonly WorkloadFate[] {
  return fates.filter(({ outcome }) => outcomes.includes(outcome));
}
