import { oncePer } from '../base/remember';
import { matches } from '../health/disruption';
import { meetsTerms } from './nodeTerms';
import type { Room, SeenNode, Taint } from './seenNode';
import type { SeenPod } from './seenPod';
import type { LocalVolume, SeenWorkloads } from './seenWorkloads';

/** Why a pod can go to no other node. */
export type Obstacle =
  | 'local-volume'
  | 'host-path'
  | 'no-node-fits'
  | 'tainted'
  | 'closed'
  | 'apart'
  | 'no-room'
  | 'not-made-anew'
  | 'kept-by-name'
  | 'never-leaves'
  | 'nobody-decides';

/** What is looked up again and again for the same workloads. */
export interface WorkloadIndex {
  readonly byNode: ReadonlyMap<string, readonly SeenPod[]>;
  readonly byWorkload: ReadonlyMap<string, readonly SeenPod[]>;
  readonly volumes: ReadonlyMap<string, LocalVolume>;
  readonly nodes: ReadonlyMap<string, SeenNode>;
}

/** Everything that runs or will run. Pods that have ended hold no room, and nobody misses them. */
export const indexOf: (seen: SeenWorkloads) => WorkloadIndex = oncePer(({ pods, nodes, volumes }) => {
  const byNode = new Map<string, SeenPod[]>();
  const byWorkload = new Map<string, SeenPod[]>();
  const put = (map: Map<string, SeenPod[]>, key: string, pod: SeenPod): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [pod]);
    else list.push(pod);
  };
  for (const pod of pods) {
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    put(byNode, pod.node, pod);
    put(byWorkload, keyOf(pod), pod);
  }
  return {
    byNode,
    byWorkload,
    volumes: new Map(volumes.map((volume) => [volume.claim, volume])),
    nodes: new Map(nodes.map((node) => [node.name, node])),
  };
});

/** Tells workloads apart. */
export function keyOf({ namespace, workload: { kind, name } }: SeenPod): string {
  return `${namespace}/${kind}/${name}`;
}

interface Candidates {
  /** Nodes that labels, selectors and affinities allow. */
  readonly fitting: readonly SeenNode[];
  /** Those of them whose taints are tolerated. */
  readonly tolerated: readonly SeenNode[];
  /** Those of them that take new pods. */
  readonly ready: readonly SeenNode[];
}

/** By the first pod of a workload, whose others are made of the same template, and by what it asks for: most ask for nothing. */
const candidatesOf: (index: WorkloadIndex) => Map<string, Candidates> = oncePer(() => new Map<string, Candidates>());

function candidates(index: WorkloadIndex, pod: SeenPod): Candidates {
  const known = candidatesOf(index);
  const key = keyOf(pod);
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const conditions = JSON.stringify([pod.nodeSelector, pod.terms, pod.tolerations]);
  const made = known.get(conditions) ?? candidatesUnder(index, pod);
  known.set(conditions, made);
  known.set(key, made);
  return made;
}

function candidatesUnder(index: WorkloadIndex, pod: SeenPod): Candidates {
  const wanted = Object.entries(pod.nodeSelector);
  const fitting = [...index.nodes.values()].filter(
    ({ labels }) =>
      wanted.every(([label, value]) => labels.get(label) === value) &&
      (pod.terms === undefined || meetsTerms(labels, pod.terms)),
  );
  const tolerated = fitting.filter(({ taints }) => taints.every((taint) => tolerates(pod, taint)));
  return { fitting, tolerated, ready: tolerated.filter(({ open }) => open) };
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#concepts */
function tolerates({ tolerations }: SeenPod, taint: Taint): boolean {
  return tolerations.some(
    ({ key, operator, value, effect }) =>
      (effect === '' || effect === taint.effect) &&
      (key === '' ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === taint.value),
  );
}

/** Where pods are while a failure is played through: what lies on a node that is gone counts no more. */
export interface Standing {
  readonly gone: ReadonlySet<string>;
  /** Pods that were put elsewhere meanwhile, by node. */
  readonly moved: Map<string, SeenPod[]>;
  /** What had no room on any of these nodes: what asks for as much has none, either. */
  readonly full: Map<readonly SeenNode[], Room>;
  /** Where to look first: pods are spread, and full nodes are not looked at again and again. */
  next: number;
}

/** A node on which a pod could start and has room; undefined when there is none. */
export function placeFor(
  index: WorkloadIndex,
  pod: SeenPod,
  standing: Standing,
  hasRoom: (node: SeenNode) => boolean,
): SeenNode | undefined {
  const { ready } = candidates(index, pod);
  const reaches = reachOf(index, pod);
  const isPlain = reaches === undefined && pod.apart.length === 0;
  const full = standing.full.get(ready);
  if (full !== undefined && pod.asks.cpu >= full.cpu && pod.asks.memory >= full.memory) return undefined;
  for (let step = 0; step < ready.length; step += 1) {
    const at = (standing.next + step) % ready.length;
    const node = ready[at];
    if (node === undefined || standing.gone.has(node.name) || reaches?.(node) === false || !hasRoom(node)) continue;
    if (pod.apart.length > 0 && hasNeighbour(index, pod, node, standing)) continue;
    standing.next = at + 1;
    return node;
  }
  if (isPlain) standing.full.set(ready, pod.asks);
  return undefined;
}

/** What keeps a pod off all other nodes, room aside. */
export function obstacleFor(
  index: WorkloadIndex,
  pod: SeenPod,
  standing: Standing,
): { readonly obstacle: Obstacle; readonly by?: string } | undefined {
  const [path] = pod.hostPaths;
  if (path !== undefined) return { obstacle: 'host-path', by: path };
  const reaches = reachOf(index, pod);
  const isLeft = (node: SeenNode): boolean => !standing.gone.has(node.name) && reaches?.(node) !== false;
  if (reaches !== undefined && ![...index.nodes.values()].some(isLeft)) {
    const claim = pod.claims.find((one) => index.volumes.has(`${pod.namespace}/${one}`));
    return { obstacle: 'local-volume', by: claim ?? '' };
  }
  const { fitting, tolerated, ready } = candidates(index, pod);
  if (!fitting.some(isLeft)) return { obstacle: 'no-node-fits' };
  if (!tolerated.some(isLeft)) return { obstacle: 'tainted' };
  if (!ready.some(isLeft)) return { obstacle: 'closed' };
  const isFree = (node: SeenNode): boolean => isLeft(node) && !hasNeighbour(index, pod, node, standing);
  return pod.apart.length > 0 && !ready.some(isFree) ? { obstacle: 'apart' } : undefined;
}

/** Whether a node reaches all volumes of a pod whose data lies somewhere; undefined when it has none. */
function reachOf(index: WorkloadIndex, pod: SeenPod): ((node: SeenNode) => boolean) | undefined {
  if (pod.claims.length === 0) return undefined;
  const volumes = pod.claims.flatMap((claim) => index.volumes.get(`${pod.namespace}/${claim}`) ?? []);
  if (volumes.length === 0) return undefined;
  return ({ labels }) => volumes.every(({ terms }) => terms !== undefined && meetsTerms(labels, terms));
}

/** Whether a pod that this one must stay away from stands in the same place: on the node, in the zone … */
function hasNeighbour(index: WorkloadIndex, pod: SeenPod, node: SeenNode, { gone, moved }: Standing): boolean {
  return pod.apart.some(({ selector, key }) => {
    const place = node.labels.get(key);
    if (place === undefined) return false;
    const same = [...index.nodes.values()].filter(({ name, labels }) => !gone.has(name) && labels.get(key) === place);
    return same.some(({ name }) =>
      [...(index.byNode.get(name) ?? []), ...(moved.get(name) ?? [])].some(
        (other) => other !== pod && other.namespace === pod.namespace && matches(selector, other.labels),
      ),
    );
  });
}
