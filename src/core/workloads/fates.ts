import { oncePer } from '../base/remember';
import { isEvicted } from '../health/disruption';
import { indexOf, keyOf, obstacleFor, placeFor, type Obstacle, type Standing, type WorkloadIndex } from './places';
import type { Room } from './seenNode';
import type { SeenPod } from './seenPod';
import type { SeenWorkloads } from './seenWorkloads';

/**
 * What becomes of a workload. `stops`: nothing of it is left until its node is back. `pauses`: nothing of it is left until
 * Kubernetes has made it anew elsewhere. `fewer`: it goes on with less than it had. `moves`: it goes on, and gets back what it had.
 */
export type Outcome = 'stops' | 'pauses' | 'fewer' | 'moves';

export interface WorkloadFate {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Pods of it that go with the failure, and those that go on elsewhere. */
  readonly lost: number;
  readonly left: number;
  /** Why those that are lost are not made anew elsewhere; absent when they are. */
  readonly obstacle?: Obstacle;
  /** The volume or folder that the obstacle is about. */
  readonly by?: string;
  /** Seconds until Kubernetes makes lost pods anew, counted from the failure. */
  readonly pauseSeconds: number;
  /** What its pods have in an emptyDir goes with them. */
  readonly emptyDir: boolean;
}

/** Kubernetes calls a node unreachable after so long: it took a recorded K3s v1.36 46 to 51 s. */
const NOTICED_SECONDS = 50;
/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions */
const DEFAULT_TOLERATION_SECONDS = 300;
const UNREACHABLE = 'node.kubernetes.io/unreachable';

/** What of each workload becomes when these nodes fail together; `decided`: something still runs that replaces pods. */
export function fatesOf(seen: SeenWorkloads, gone: ReadonlySet<string>, decided: boolean): readonly WorkloadFate[] {
  const index = indexOf(seen);
  const lost = [...gone].flatMap((name) => index.byNode.get(name) ?? []).filter(isEvicted);
  const standing: Standing = { gone, moved: new Map(), full: new Map(), next: 0 };
  const taken = new Map<string, Room>();
  const stuck = new Map<SeenPod, { readonly obstacle: Obstacle; readonly by?: string }>();
  for (const pod of [...lost].sort(byUrgency)) {
    const found = decided ? put(index, pod, standing, taken) : { obstacle: 'nobody-decides' as const };
    if (found !== undefined) stuck.set(pod, found);
  }
  const workloads = new Map<string, SeenPod[]>();
  for (const pod of lost) {
    const key = keyOf(pod);
    const same = workloads.get(key);
    if (same === undefined) workloads.set(key, [pod]);
    else same.push(pod);
  }
  return [...workloads].map(([key, pods]): WorkloadFate => {
    const left = (index.byWorkload.get(key) ?? []).filter((pod) => pod.ready && !pod.ending && !gone.has(pod.node));
    const kept = pods.filter((pod) => stuck.has(pod));
    const [first] = pods as [SeenPod, ...SeenPod[]];
    const why = kept[0] === undefined ? undefined : stuck.get(kept[0]);
    return {
      namespace: first.namespace,
      ...first.workload,
      outcome: outcomeOf(left.length, pods.length, kept.length),
      lost: pods.length,
      left: left.length,
      ...(why ?? {}),
      pauseSeconds: NOTICED_SECONDS + (staysSeconds(first) ?? 0),
      emptyDir: pods.some(({ emptyDir }) => emptyDir),
    };
  });
}

function outcomeOf(left: number, lost: number, stuck: number): Outcome {
  if (left > 0) return stuck > 0 ? 'fewer' : 'moves';
  return stuck === lost ? 'stops' : 'pauses';
}

/** What is more important chooses first, then what is hardest to place. */
function byUrgency(a: SeenPod, b: SeenPod): number {
  return b.priority - a.priority || b.asks.memory - a.asks.memory || b.asks.cpu - a.asks.cpu;
}

/** Finds a node for a pod and takes its room there; else tells what is in the way. */
function put(
  index: WorkloadIndex,
  pod: SeenPod,
  standing: Standing,
  taken: Map<string, Room>,
): { readonly obstacle: Obstacle; readonly by?: string } | undefined {
  if (pod.owner === '') return { obstacle: 'not-made-anew' };
  // Two of one name never run, so it waits until the old one is known to be gone.
  // https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/
  const waits = pod.workload.kind === 'StatefulSet';
  if (waits || pod.hostPaths.length > 0 || staysSeconds(pod) === undefined)
    return obstacleFor(index, pod, standing) ?? { obstacle: waits ? 'kept-by-name' : 'never-leaves' };
  const used = usedRoom(index);
  const place = placeFor(index, pod, standing, (node) =>
    fits(pod.asks, node.room, used.get(node.name) ?? NOTHING, taken.get(node.name) ?? NOTHING),
  );
  if (place === undefined) return obstacleFor(index, pod, standing) ?? { obstacle: 'no-room' };
  const before = taken.get(place.name) ?? NOTHING;
  taken.set(place.name, plus(before, pod.asks));
  const moved = standing.moved.get(place.name);
  if (moved === undefined) standing.moved.set(place.name, [pod]);
  else moved.push(pod);
  return undefined;
}

/** For how long a pod stays bound to a node that is unreachable; undefined: for ever. */
function staysSeconds({ tolerations }: SeenPod): number | undefined {
  const own = tolerations.filter(
    ({ key, operator, effect }) =>
      (key === UNREACHABLE || (key === '' && operator === 'Exists')) && (effect === '' || effect === 'NoExecute'),
  );
  if (own.length === 0) return DEFAULT_TOLERATION_SECONDS;
  if (own.some(({ seconds }) => seconds === undefined)) return undefined;
  return Math.min(...own.map(({ seconds }) => seconds ?? 0));
}

const NOTHING: Room = { cpu: 0, memory: 0, pods: 0 };

function fits(asks: Room, room: Room, used: Room, taken: Room): boolean {
  // Requests are written in thousandths of a core: rounding must not decide.
  return (
    used.cpu + taken.cpu + asks.cpu <= room.cpu + 1e-6 &&
    used.memory + taken.memory + asks.memory <= room.memory &&
    used.pods + taken.pods + asks.pods <= room.pods
  );
}

/** What the pods of each node ask for. */
const usedRoom: (index: WorkloadIndex) => ReadonlyMap<string, Room> = oncePer(
  ({ byNode }) =>
    new Map([...byNode].map(([name, pods]) => [name, pods.map(({ asks }) => asks).reduce(plus, NOTHING)])),
);

function plus(a: Room, b: Room): Room {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory, pods: a.pods + b.pods };
}
