import type { TopologyAction, TopologySnapshot, RunState } from '../../core/topology/model';
import { buildGraph } from '../../core/topology/graph';
import { layoutGraph } from '../../core/topology/layout';
import { overlayStatus, type NodeStatus } from '../../core/topology/status';
import { survives } from '../../core/topology/survival';
import { singlePointsOfFailure, verdict } from '../../core/topology/verdict';
import { clusterHealth, type DeclaredNodeHealth } from '../../core/health/clusterHealth';
import type { ViewState } from '../../contract/messages';
import type { ClusterState, NodeRun } from '../clusters/clusterState';
import { liveNodes } from '../explorer/model';

/** Everything the diagram shows of a cluster right now. */
export function topologySnapshot(state: ClusterState, view: ViewState, revision: number): TopologySnapshot {
  const { cluster } = state;
  const graph = buildGraph(cluster, state.findings);
  const known = new Set(graph.parts.map((part) => part.id));
  const chosen = view.chosen.filter((id) => known.has(id));
  const health = clusterHealth(cluster, liveNodes(state.live));
  return {
    revision,
    title: cluster.name,
    simulated: health.simulated,
    verdict: verdict(cluster),
    graph,
    layout: layoutGraph(graph, new Set(view.expanded)),
    status: overlayStatus(graph, health.nodes.flatMap((node) => nodeStatus(node, state))),
    expanded: view.expanded.filter((id) => known.has(id)),
    chosen,
    survival: survives(cluster, chosen),
    singlePoints: singlePointsOfFailure(cluster),
    run: runState(state),
    actions: actions(state),
  };
}

function nodeStatus({ node, state: seen, words }: DeclaredNodeHealth, state: ClusterState): NodeStatus[] {
  const run = state.run.get(node.id);
  if (run !== undefined && run.state !== 'done') return [{ id: node.id, state: runningState(run), words: run.words }];
  if (state.live.kind !== 'live' && state.live.kind !== 'lost') return [];
  if (liveNodes(state.live).length === 0) return [];
  return [{ id: node.id, state: seen, words }];
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
  return failed === undefined ? { phase: 'idle', words: '' } : { phase: 'failed', words: failed.words };
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
