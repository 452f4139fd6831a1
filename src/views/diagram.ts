import type { SnapshotMessage, StatusMessage, ViewState } from '../contract/messages';
import { lastPer } from '../core/base/remember';
import type { DeclaredNodeHealth } from '../core/health/clusterHealth';
import { liveFacts } from '../core/health/drift';
import type { NodeProgress } from '../core/plan/progress';
import type { PartStatus, TopologySnapshot, WholeStatus } from '../core/topology/model';
import { drawCluster, type DrawnCluster } from '../core/topology/picture';
import { topologySnapshot } from '../core/topology/snapshot';
import type { NodeStatus } from '../core/topology/status';
import type { ClusterState } from './clusterState';
import { viewOf } from './clusterView';

/** What of the page's view decides about the picture. */
type PictureView = Pick<ViewState, 'expanded' | 'chosen'>;

/** The picture of a cluster; the same one until its file, its findings or the view of it change. */
export function pictureOf({ cluster, findings }: ClusterState, { expanded, chosen }: PictureView): DrawnCluster {
  return drawn(cluster, findings, JSON.stringify([expanded, chosen]));
}

const drawn = lastPer(
  (cluster: ClusterState['cluster'], findings: ClusterState['findings'], view: string): DrawnCluster => {
    const [expanded, chosen] = JSON.parse(view) as [string[], string[]];
    return drawCluster({ cluster, findings, expanded, chosen });
  },
);

/** Everything the diagram shows of a cluster right now: its picture with the state of every part laid over it. */
export function snapshotOf(state: ClusterState, view: PictureView, revision: number): TopologySnapshot {
  const { seen, health, drift, run, actions } = viewOf(state);
  const statuses: NodeStatus[] = [];
  for (const declared of health.nodes) {
    const { id } = declared.node;
    const [at, planned, differs] = [state.run.get(id), state.planned.get(id), drift.nodes.get(id)];
    const status = nodeStatus(declared, at, planned, seen.length > 0, differs);
    if (status !== undefined) statuses.push(status);
  }
  return topologySnapshot(pictureOf(state, view), {
    statuses,
    revision,
    file: state.uri.toString(),
    title: state.cluster.name,
    simulated: health.simulated,
    drift: drift.general,
    run,
    actions,
  });
}

const nodeStatus = lastPer(
  (
    { node, state: seen, words, live }: DeclaredNodeHealth,
    run: NodeProgress | undefined,
    planned: readonly string[] | undefined,
    known: boolean,
    differs: readonly string[] | undefined,
  ): NodeStatus | undefined => {
    if (run !== undefined && run.state !== 'done') return { id: node.id, ...runStatus(run) };
    if (planned !== undefined)
      return {
        id: node.id,
        state: 'planned',
        words: planned.length === 1 ? '1 step planned' : `${planned.length} steps planned`,
        steps: planned.map((title) => ({ title, state: 'pending' })),
      };
    if (!known) return undefined;
    return {
      id: node.id,
      state: seen,
      words,
      ...(live === undefined ? {} : { facts: liveFacts(live) }),
      ...(differs === undefined ? {} : { drift: differs }),
    };
  },
);

/** A host at work: the one place that knows what a step means for the picture. */
function runStatus({ state, phase, words, steps }: NodeProgress): PartStatus {
  const at = steps.findIndex((step) => step.state === 'running');
  return {
    state:
      state === 'failed' || state === 'unknown'
        ? 'failed'
        : state !== 'running'
          ? 'planned'
          : phase === 'stage'
            ? 'installing'
            : 'starting',
    words: state === 'running' && at >= 0 && steps.length > 1 ? `${words} (${at + 1} of ${steps.length})` : words,
    steps: steps.map(({ title, state: reached }) => ({ title, state: reached })),
  };
}

/** What tells a page that shows `before` to show `now`: only the state of parts where the picture is the same, nothing where all is. */
export function updateOf(
  before: TopologySnapshot | undefined,
  now: TopologySnapshot,
): SnapshotMessage | StatusMessage | undefined {
  if (before === undefined || before.graph !== now.graph || before.title !== now.title)
    return { type: 'snapshot', snapshot: now };
  const status: Record<string, PartStatus> = {};
  const without: string[] = [];
  for (const part of now.graph.parts) {
    const { [part.id]: old } = before.status;
    const { [part.id]: one } = now.status;
    if (one === undefined && old !== undefined) without.push(part.id);
    else if (one !== undefined && !sameStatus(old, one)) status[part.id] = one;
  }
  const same =
    Object.keys(status).length === 0 &&
    without.length === 0 &&
    JSON.stringify(wholeStatus(before)) === JSON.stringify(wholeStatus(now));
  const { revision } = now;
  return same
    ? undefined
    : { type: 'status', change: { revision, after: before.revision, status, without, ...wholeStatus(now) } };
}

function wholeStatus({ simulated, drift, run, actions }: TopologySnapshot): WholeStatus {
  return { simulated, drift, run, actions };
}

/** That of a node stays the same object; that of a group is summed up each time. */
function sameStatus(before: PartStatus | undefined, now: PartStatus): boolean {
  return before === now || (before !== undefined && JSON.stringify(before) === JSON.stringify(now));
}
