import { lastPer, oncePer } from '../core/base/remember';
import { count } from '../core/base/words';
import type { Cluster } from '../core/cluster/cluster';
import { clusterHealth, type ClusterHealth } from '../core/health/clusterHealth';
import { drift, type Drift } from '../core/health/drift';
import type { NodeHealth } from '../core/health/nodeHealth';
import type { Diagnostic } from '../core/language/validate';
import { isActive, type RunProgress } from '../core/plan/progress';
import type { RunState, TopologyAction } from '../core/topology/model';
import type { ClusterState, LiveState } from './clusterState';

/** What follows from the state of a cluster, for whatever shows it. */
export interface ClusterView {
  /** Nodes of the running cluster as last seen. */
  readonly seen: readonly NodeHealth[];
  readonly health: ClusterHealth;
  readonly drift: Drift;
  readonly run: RunState;
  readonly actions: readonly TopologyAction[];
  /** How many errors the file has. */
  readonly errors: number;
}

/** The view of a state: worked out once, whoever asks, and each part of it anew only when what it is made of changed. */
export const viewOf: (state: ClusterState) => ClusterView = oncePer(({ cluster, live, run, planned, diagnostics }) => {
  const seen = seenNodes(live);
  const health = healthOf(cluster, seen);
  const errors = errorsOf(diagnostics);
  const runs = runState(run, planned);
  return { seen, health, drift: driftOf(cluster, health), run: runs, actions: actionsFor(errors, runs), errors };
});

const NONE: readonly NodeHealth[] = [];

function seenNodes(live: LiveState): readonly NodeHealth[] {
  return live.kind === 'live' || live.kind === 'lost' ? live.nodes : NONE;
}

const healthOf: (cluster: Cluster, seen: readonly NodeHealth[]) => ClusterHealth = lastPer(clusterHealth);

const driftOf: (cluster: Cluster, health: ClusterHealth) => Drift = lastPer(drift);

const errorsOf: (diagnostics: readonly Diagnostic[]) => number = oncePer(
  (diagnostics) => diagnostics.filter(({ severity }) => severity === 'error').length,
);

const runState: (run: RunProgress, planned: ClusterState['planned']) => RunState = lastPer((run, planned) => {
  const runs = [...run.values()];
  if (isActive(run)) {
    const steps = runs.flatMap((one) => one.steps);
    return {
      phase: 'running',
      words: `${count(runs.filter(({ state }) => state === 'running').length, 'host')} at work`,
      done: steps.filter(({ state }) => state === 'done').length,
      total: steps.length,
    };
  }
  const failed = runs.find(({ state }) => state === 'failed' || state === 'unknown');
  if (failed !== undefined) return { phase: 'failed', words: failed.words };
  const steps = [...planned.values()].reduce((sum, titles) => sum + titles.length, 0);
  return steps === 0
    ? { phase: 'idle', words: '' }
    : { phase: 'planned', words: `The plan: ${count(steps, 'step')} on ${count(planned.size, 'host')}` };
});

function actionsFor(errors: number, run: RunState): readonly TopologyAction[] {
  const idle = run.phase !== 'running';
  const valid = errors === 0;
  return [
    { id: 'provision', label: 'Provision', primary: true, enabled: idle && valid },
    { id: 'previewPlan', label: 'Preview Plan', primary: false, enabled: idle && valid },
    { id: 'refresh', label: 'Refresh', primary: false, enabled: idle },
  ];
}
