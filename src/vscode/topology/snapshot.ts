import type { TopologyAction, TopologySnapshot, RunState } from '../../core/topology/model';
import { topologySnapshot } from '../../core/topology/snapshot';
import type { NodeStatus } from '../../core/topology/status';
import { drift, liveFacts } from '../../core/health/drift';
import { count } from '../../core/base/words';
import { clusterHealth, type DeclaredNodeHealth } from '../../core/health/clusterHealth';
import type { ViewState } from '../../contract/messages';
import { isActive, type NodeProgress } from '../../core/plan/progress';
import type { ClusterState } from '../clusters/clusterState';
import { liveNodes } from '../explorer/model';

/** Everything the diagram shows of a cluster right now. */
export function snapshotOf(state: ClusterState, view: ViewState, revision: number): TopologySnapshot {
  const { cluster, findings } = state;
  const health = clusterHealth(cluster, liveNodes(state.live));
  const differs = drift(cluster, health);
  return topologySnapshot({
    cluster,
    findings,
    statuses: health.nodes.flatMap((node) => nodeStatus(node, state, differs.nodes.get(node.node.id) ?? [])),
    chosen: view.chosen,
    expanded: view.expanded,
    revision,
    file: state.uri.toString(),
    title: cluster.name,
    simulated: health.simulated,
    drift: differs.general,
    run: runState(state),
    actions: actions(state),
  });
}

function nodeStatus(
  { node, state: seen, words, live }: DeclaredNodeHealth,
  state: ClusterState,
  differs: readonly string[],
): NodeStatus[] {
  const run = state.run.get(node.id);
  if (run !== undefined && run.state !== 'done')
    return [
      {
        id: node.id,
        state: runningState(run),
        words: runningWords(run),
        steps: run.steps.map(({ title, state: at }) => ({ title, state: at })),
      },
    ];
  const planned = state.planned.get(node.id);
  if (planned !== undefined)
    return [
      {
        id: node.id,
        state: 'planned',
        words: planned.length === 1 ? '1 step planned' : `${planned.length} steps planned`,
        steps: planned.map((title) => ({ title, state: 'pending' })),
      },
    ];
  if (state.live.kind !== 'live' && state.live.kind !== 'lost') return [];
  if (liveNodes(state.live).length === 0) return [];
  return [
    {
      id: node.id,
      state: seen,
      words,
      ...(live === undefined ? {} : { facts: liveFacts(live) }),
      ...(differs.length === 0 ? {} : { drift: differs }),
    },
  ];
}

function runningState({ state, phase }: NodeProgress): NodeStatus['state'] {
  if (state === 'failed' || state === 'unknown') return 'failed';
  if (state !== 'running') return 'planned';
  return phase === 'stage' ? 'installing' : 'starting';
}

function runningWords({ state, words, steps }: NodeProgress): string {
  const at = steps.findIndex((step) => step.state === 'running');
  return state === 'running' && at >= 0 && steps.length > 1 ? `${words} (${at + 1} of ${steps.length})` : words;
}

function runState(state: ClusterState): RunState {
  const runs = [...state.run.values()];
  const running = runs.filter((run) => run.state === 'running');
  const steps = runs.flatMap((run) => run.steps);
  if (isActive(state.run))
    return {
      phase: 'running',
      words: `${count(running.length, 'host')} at work`,
      done: steps.filter((step) => step.state === 'done').length,
      total: steps.length,
    };
  const failed = runs.find((run) => run.state === 'failed' || run.state === 'unknown');
  if (failed !== undefined) return { phase: 'failed', words: failed.words };
  const planned = [...state.planned.values()].reduce((sum, titles) => sum + titles.length, 0);
  return planned === 0
    ? { phase: 'idle', words: '' }
    : { phase: 'planned', words: `The plan: ${count(planned, 'step')} on ${count(state.planned.size, 'host')}` };
}

function actions(state: ClusterState): TopologyAction[] {
  const idle = !isActive(state.run);
  const valid = state.diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
  return [
    { id: 'provision', label: 'Provision', primary: true, enabled: idle && valid },
    { id: 'previewPlan', label: 'Preview Plan', primary: false, enabled: idle && valid },
    { id: 'refresh', label: 'Refresh', primary: false, enabled: idle },
  ];
}
