import { say } from '../core/base/say';
import type { SnapshotMessage, StatusMessage, ViewState } from '../contract/messages';
import { eachPer, lastPer, oncePer } from '../core/base/remember';
import type { DeclaredNodeHealth } from '../core/health/clusterHealth';
import { liveFacts, type Drift } from '../core/health/drift';
import { areParted, simulationMarks, simulationState, simulationWords, type FaultId } from '../core/health/simulation';
import type { RunningCluster } from '../core/health/running';
import type { NodeProgress } from '../core/plan/progress';
import { balancerMachines } from '../core/cluster/roles';
import { abridge } from '../core/topology/abridge';
import { BALANCER, balancerHostPart } from '../core/topology/ids';
import type {
  NodeState,
  Outlook,
  PartStatus,
  SimulatedPart,
  TopologySnapshot,
  WholeStatus,
} from '../core/topology/model';
import { outlookOf } from '../core/topology/outlook';
import { drawCluster, type DrawnCluster } from '../core/topology/picture';
import { zonePairs } from '../core/topology/partition';
import { topologySnapshot } from '../core/topology/snapshot';
import type { NodeStatus } from '../core/topology/status';
import type { ClusterState } from './clusterState';
import { viewOf } from './clusterView';
import { withWorkloads } from './workloadOutlook';
import { headOf } from './head';
import { driftedOf, NO_HOST_DRIFT, nodeAbilities } from './nodeAbilities';
import { runWords } from './runWords';

/** What of the page's view decides about the picture. */
type PictureView = Pick<ViewState, 'expanded' | 'chosen' | 'narrow'>;

/** The picture of a cluster; the same one until its file, its findings, the expanded groups or a narrow window change. */
export function pictureOf(
  { cluster, findings }: ClusterState,
  { expanded, narrow }: Pick<PictureView, 'expanded' | 'narrow'>,
): DrawnCluster {
  return drawn(cluster, findings, narrow, JSON.stringify(expanded));
}

const drawn = lastPer(
  (
    cluster: ClusterState['cluster'],
    findings: ClusterState['findings'],
    narrow: number | undefined,
    expanded: string,
  ): DrawnCluster =>
    drawCluster({
      cluster,
      findings,
      expanded: JSON.parse(expanded) as string[],
      ...(narrow === undefined ? {} : { narrow }),
    }),
);

/** What failures mean there: on top of what is really down, as soon as that is known. */
function outlookFor(state: ClusterState, picture: DrawnCluster, chosen: readonly string[]): Outlook {
  const { running } = viewOf(state);
  const { live, cluster } = state;
  const balancerFails = live.kind === 'live' && live.via !== 'direct' && cluster.loadBalancer !== undefined;
  const found = outlook(
    picture,
    running,
    balancerFails,
    live.kind === 'lost' || (live.kind === 'connecting' && running !== undefined),
    JSON.stringify(chosen),
  );
  return state.workloads === undefined || live.kind !== 'live' || found.chosen.length === 0
    ? found
    : withWorkloads(found, running?.cluster ?? cluster, state.workloads);
}

const outlook = lastPer(
  (
    picture: DrawnCluster,
    running: RunningCluster | undefined,
    balancerFails: boolean,
    silent: boolean,
    chosen: string,
  ): Outlook =>
    outlookOf(
      picture,
      running === undefined
        ? { cluster: picture.cluster, down: [], silent }
        : {
            cluster: abridged(running.cluster),
            down: [...running.down, ...(balancerFails ? [BALANCER] : [])],
            silent,
          },
      JSON.parse(chosen) as string[],
    ),
);

/** The same object for the same cluster, because much is remembered by it. */
const abridged: (cluster: ClusterState['cluster']) => ClusterState['cluster'] = oncePer(
  (cluster) => abridge(cluster).cluster,
);

/** Everything the diagram shows of a cluster right now: its picture with the state of every part laid over it. */
export function snapshotOf(state: ClusterState, view: PictureView, revision: number): TopologySnapshot {
  const { seen, stale, health, drift, run, actions } = viewOf(state);
  const statuses = nodeStatuses(
    state.cluster,
    health.nodes,
    state.run,
    state.planned,
    seen.length > 0,
    stale,
    // Compared anew each time: of clusters that are as the file says it is always the same nothing.
    drift.nodes.size === 0 ? undefined : drift.nodes,
    driftedOf(state.hostDrift ?? NO_HOST_DRIFT),
    state.simulation?.faults,
  );
  const picture = pictureOf(state, view);
  const meaning = outlookFor(state, picture, view.chosen);
  return topologySnapshot(picture, meaning, {
    statuses,
    revision,
    file: state.uri.toString(),
    title: state.cluster.name,
    simulated: health.simulated,
    ...simulationOf(state),
    drift: stale ? [] : drift.general,
    run,
    actions,
    head: headOf(state, picture, meaning),
  });
}

/** What is made to fail where, for the page's menus and for those who hear the picture. */
function simulationOf({ simulation, cluster }: ClusterState): Pick<WholeStatus, 'simulation'> {
  if (simulation === undefined) return {};
  const { faults, partitions } = simulation;
  const places = [...faults].map(([place, ids]) => [place, partOf(ids)]);
  const balancers = balancerMachines(cluster).flatMap(({ id, host }) => {
    const ids = faults.get(id);
    return ids === undefined ? [] : [[balancerHostPart(host), partOf(ids)]];
  });
  const parted =
    partitions.length === 0 ? [] : zonePairs(cluster).filter(({ zones }) => areParted(cluster, partitions, zones));
  const networks = parted.map(({ id }) => [id, { marks: ['parted'], words: [say`Simulation: cut`] }]);
  return {
    simulation: Object.fromEntries([...places, ...balancers, ...networks]) as NonNullable<WholeStatus['simulation']>,
  };
}

function partOf(ids: readonly FaultId[]): SimulatedPart {
  return { marks: simulationMarks(ids), words: simulationWords(ids) };
}

type StatusInputs = readonly [
  run: ClusterState['run'],
  planned: ClusterState['planned'],
  known: boolean,
  stale: boolean,
  drift: Drift['nodes'] | undefined,
  drifted: ReadonlySet<string>,
  faults: NonNullable<ClusterState['simulation']>['faults'] | undefined,
];

const nodeStatuses = eachPer(
  (
    declared: DeclaredNodeHealth,
    ...[run, planned, known, stale, drift, drifted, faults]: StatusInputs
  ): NodeStatus | undefined => {
    const { id } = declared.node;
    return nodeStatus(
      declared,
      run.get(id),
      planned.get(id),
      known,
      stale,
      drift?.get(id),
      drifted.has(id),
      faults?.get(id),
    );
  },
);

const nodeStatus = lastPer(
  (
    declared: DeclaredNodeHealth,
    run: NodeProgress | undefined,
    planned: readonly string[] | undefined,
    known: boolean,
    stale: boolean,
    differs: readonly string[] | undefined,
    drifted: boolean,
    faults: readonly FaultId[] | undefined,
  ): NodeStatus | undefined => {
    const status = stateOf(declared, run, planned, known, stale, differs, faults ?? []);
    const can = nodeAbilities(stale ? undefined : declared.live, drifted);
    return status === undefined || can === '' ? status : { ...status, can };
  },
);

function stateOf(
  { node, state: seen, words, live }: DeclaredNodeHealth,
  run: NodeProgress | undefined,
  planned: readonly string[] | undefined,
  known: boolean,
  stale: boolean,
  differs: readonly string[] | undefined,
  faults: readonly FaultId[],
): NodeStatus | undefined {
  if (run !== undefined && (run.state !== 'done' || !known)) return { id: node.id, ...runStatus(run) };
  if (planned !== undefined)
    return {
      id: node.id,
      state: 'planned',
      words: planned.length === 1 ? say`1 step planned` : say`${planned.length} steps planned`,
      steps: planned.map((title) => ({ title, state: 'pending' })),
    };
  if (!known) return undefined;
  if (stale && live?.answers !== false)
    return {
      id: node.id,
      state: 'unknown',
      words: live === undefined ? 'unknown' : say`${live.answers === true ? say`answers itself, ` : ''}was ${words}`,
    };
  const fault = seen === 'ready' ? simulationState(faults) : undefined;
  return {
    id: node.id,
    state: seen,
    words: fault === undefined ? words : say`${fault}, ${words}`,
    ...(live === undefined ? {} : { facts: liveFacts(live) }),
    ...(differs === undefined ? {} : { drift: differs }),
  };
}

/** A host at work: the one place that knows what a step means for the picture. */
function runStatus(progress: NodeProgress): PartStatus {
  const { state, phase, steps } = progress;
  return {
    state: state === 'running' ? (phase === 'stage' ? 'installing' : 'starting') : RUN_STATES[state],
    words: runWords(progress),
    steps: steps.map(({ title, state: reached }) => ({ title, state: reached })),
  };
}

const RUN_STATES: Readonly<Record<Exclude<NodeProgress['state'], 'running'>, NodeState>> = {
  pending: 'planned',
  done: 'ready',
  failed: 'failed',
  unknown: 'failed',
  skipped: 'planned',
  cancelled: 'planned',
};

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
  const meaning = sameOutlook(before, now) ? undefined : outlookIn(now);
  const same =
    Object.keys(status).length === 0 &&
    without.length === 0 &&
    meaning === undefined &&
    JSON.stringify(wholeStatus(before)) === JSON.stringify(wholeStatus(now));
  const { revision } = now;
  if (same) return undefined;
  return {
    type: 'status',
    change: {
      revision,
      after: before.revision,
      status,
      without,
      ...(meaning === undefined ? {} : { outlook: meaning }),
      ...wholeStatus(now),
    },
  };
}

function sameOutlook(before: TopologySnapshot, now: TopologySnapshot): boolean {
  if (before.survival === now.survival) return true;
  const same =
    before.maintenance === now.maintenance &&
    before.down.join() === now.down.join() &&
    before.chosen.join() === now.chosen.join();
  return same
    ? JSON.stringify(before.survival) === JSON.stringify(now.survival)
    : JSON.stringify(outlookIn(before)) === JSON.stringify(outlookIn(now));
}

function outlookIn({ chosen, down, survival, singlePoints, cutSets, maintenance }: TopologySnapshot): Outlook {
  return { chosen, down, survival, singlePoints, cutSets, maintenance };
}

function wholeStatus({ simulated, simulation, drift, run, actions, head }: TopologySnapshot): WholeStatus {
  return { simulated, ...(simulation === undefined ? {} : { simulation }), drift, run, actions, head };
}

/** That of a node stays the same object; that of a group is summed up each time. */
function sameStatus(before: PartStatus | undefined, now: PartStatus): boolean {
  return before === now || (before !== undefined && JSON.stringify(before) === JSON.stringify(now));
}
