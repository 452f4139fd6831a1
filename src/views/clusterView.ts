import { say } from '../core/base/say';
import { lastPer, oncePer } from '../core/base/remember';
import { count } from '../core/base/words';
import type { Cluster } from '../core/cluster/cluster';
import { clusterHealth, type ClusterHealth } from '../core/health/clusterHealth';
import { drift, type Drift } from '../core/health/drift';
import { differencesOf } from '../core/health/hostDrift';
import type { Liveness } from '../core/health/liveness';
import type { NodeHealth } from '../core/health/nodeHealth';
import { remainingDrift } from '../core/health/remainingDrift';
import { runningCluster, type RunningCluster } from '../core/health/running';
import type { Diagnostic } from '../core/language/validate';
import { isActive, type RunProgress } from '../core/plan/progress';
import type { RunState, TopologyAction } from '../core/topology/model';
import type { ClusterState, LiveState } from './clusterState';

/** What follows from the state of a cluster, for whatever shows it. */
export interface ClusterView {
  /** Nodes of the running cluster as last seen. */
  readonly seen: readonly NodeHealth[];
  /** They were seen, and the API does not answer now: nothing that follows from them may look like the present. */
  readonly stale: boolean;
  readonly health: ClusterHealth;
  /** Undefined as long as no node is known. */
  readonly running: RunningCluster | undefined;
  readonly drift: Drift;
  readonly run: RunState;
  readonly actions: readonly TopologyAction[];
  /** How many errors the file has. */
  readonly errors: number;
}

/** The view of a state: worked out once, whoever asks, and each part of it anew only when what it is made of changed. */
export const viewOf: (state: ClusterState) => ClusterView = oncePer(
  ({ cluster, live, run, planned, diagnostics, hostDrift }) => {
    const seen = seenNodes(live);
    const health = healthOf(cluster, seen, 'liveness' in live ? live.liveness : undefined);
    const errors = errorsOf(diagnostics);
    const runs = runState(run, planned);
    return {
      seen,
      stale: seen.length > 0 && live.kind !== 'live',
      health,
      running: runningOf(cluster, health),
      drift: withHostDrift(driftOf(cluster, health), cluster, hostDrift),
      run: runs,
      actions: actionsFor(errors, runs),
      errors,
    };
  },
);

const NONE: readonly NodeHealth[] = [];

function seenNodes(live: LiveState): readonly NodeHealth[] {
  return 'nodes' in live ? live.nodes : NONE;
}

const healthOf: (cluster: Cluster, seen: readonly NodeHealth[], liveness: Liveness | undefined) => ClusterHealth =
  lastPer(clusterHealth);

const runningOf: (cluster: Cluster, health: ClusterHealth) => RunningCluster | undefined = lastPer(runningCluster);

const driftOf: (cluster: Cluster, health: ClusterHealth) => Drift = lastPer(drift);

/** What was seen on the machines themselves stands behind what their nodes report. */
const withHostDrift: (live: Drift, cluster: Cluster, hostDrift: ClusterState['hostDrift']) => Drift = lastPer(
  (live, cluster, hostDrift) => {
    if (hostDrift === undefined) return live;
    const nodes = new Map(live.nodes);
    for (const { machine, about, seen, says } of differencesOf(remainingDrift(hostDrift, cluster))) {
      const reported = nodes.get(machine) ?? [];
      if (about.kind === 'version' && live.releases.has(machine)) continue;
      nodes.set(machine, [...reported, `${seen}, ${says}`]);
    }
    return { ...live, nodes };
  },
);

const errorsOf: (diagnostics: readonly Diagnostic[]) => number = oncePer(
  (diagnostics) => diagnostics.filter(({ severity }) => severity === 'error').length,
);

const runState: (run: RunProgress, planned: ClusterState['planned']) => RunState = lastPer((run, planned) => {
  const runs = [...run.values()];
  const steps = runs.flatMap((one) => one.steps);
  const done = steps.filter(({ state }) => state === 'done').length;
  if (isActive(run))
    return {
      phase: 'running',
      words: say`${count(runs.filter(({ state }) => state === 'running').length, 'host')} at work`,
      done,
      total: steps.length,
    };
  const failed = runs.find(({ state }) => state === 'failed' || state === 'unknown');
  if (failed !== undefined) return { phase: 'failed', words: failed.words };
  if (runs.length > 0) return { phase: 'unfinished', words: say`Not finished`, done, total: steps.length };
  const toDo = [...planned.values()].reduce((sum, titles) => sum + titles.length, 0);
  return toDo === 0
    ? { phase: 'idle', words: '' }
    : { phase: 'planned', words: say`The plan: ${count(toDo, 'step')} on ${count(planned.size, 'host')}` };
});

function actionsFor(errors: number, { phase }: RunState): readonly TopologyAction[] {
  const busy = phase === 'running' ? say`A run goes on: wait for its end, or cancel it.` : undefined;
  const obstacle =
    busy ??
    (errors > 0 ? say`${count(errors, 'error')} in the file: mend ${errors === 1 ? 'it' : 'them'} first.` : undefined);
  const because = (why: string | undefined): { readonly obstacle?: string } =>
    why === undefined ? {} : { obstacle: why };
  const begun = phase === 'failed' || phase === 'unfinished';
  return [
    { id: 'provision', label: begun ? say`Continue` : say`Provision`, primary: true, ...because(obstacle) },
    { id: 'previewPlan', label: say`Preview Plan`, primary: false, ...because(obstacle) },
    { id: 'refresh', label: say`Refresh`, primary: false, ...because(busy) },
  ];
}
