import type { TopologyAction, TopologySnapshot, RunState } from '../../core/topology/model';
import { topologySnapshot } from '../../core/topology/snapshot';
import type { NodeStatus } from '../../core/topology/status';
import { drift, liveFacts } from '../../core/health/drift';
import { count } from '../../core/topology/words';
import { clusterHealth, type DeclaredNodeHealth } from '../../core/health/clusterHealth';
import type { ViewState } from '../../contract/messages';
import type { ClusterState, NodeRun } from '../clusters/clusterState';
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

function nodeStatus({ node, state: seen, words, live }: DeclaredNodeHealth, state: ClusterState, differs: readonly string[]): NodeStatus[] {
  const run = state.run.get(node.id);
  if (run !== undefined && run.state !== 'done') return [{ id: node.id, state: runningState(run), words: run.words }];
  const planned = state.planned.get(node.id);
  if (planned !== undefined) return [{ id: node.id, state: 'planned', words: planned.length === 1 ? '1 step planned' : `${planned.length} steps planned`, facts: planned }];
  if (state.live.kind !== 'live' && state.live.kind !== 'lost') return [];
  if (liveNodes(state.live).length === 0) return [];
  return [{ id: node.id, state: seen, words, ...(live === undefined ? {} : { facts: liveFacts(live) }), ...(differs.length === 0 ? {} : { drift: differs }) }];
}

function runningState(run: NodeRun): NodeStatus['state'] {
  if (run.state === 'failed' || run.state === 'unknown') return 'failed';
  return /install|configuration/.test(run.words) ? 'installing' : 'starting';
}

function runState(state: ClusterState): RunState {
  const runs = [...state.run.values()];
  const running = runs.filter((run) => run.state === 'running');
  if (running.length > 0) return { phase: 'running', words: `${running.length} ${running.length === 1 ? 'host' : 'hosts'} at work` };
  const failed = runs.find((run) => run.state === 'failed' || run.state === 'unknown');
  if (failed !== undefined) return { phase: 'failed', words: failed.words };
  const steps = [...state.planned.values()].reduce((sum, titles) => sum + titles.length, 0);
  return steps === 0 ? { phase: 'idle', words: '' } : { phase: 'planned', words: `The plan: ${count(steps, 'step')} on ${count(state.planned.size, 'host')}` };
}

function actions(state: ClusterState): TopologyAction[] {
  const idle = [...state.run.values()].every((run) => run.state !== 'running');
  const valid = state.diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
  return [
    { id: 'provision', label: 'Provision', primary: true, enabled: idle && valid },
    { id: 'previewPlan', label: 'Preview Plan', primary: false, enabled: idle && valid },
    { id: 'refresh', label: 'Refresh', primary: false, enabled: idle },
  ];
}
