import type { K3sCluster } from './cluster';
import { readyStatus } from './nodeObject';
import type { NodeObject } from './nodeStore';
import type { PracticePod } from './podStore';
import { TIMINGS } from './timings';
import { readWorkloads, type PodSpec, type Workload } from './workloadManifest';

/** A PodDisruptionBudget as `status` has it now. */
export interface PracticeBudget {
  readonly namespace: string;
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly allowed: number;
  readonly healthy: number;
  readonly wanted: number;
  readonly expected: number;
}

/** Every object of the manifests that were applied. */
export function objects({ addons, workloads: { read } }: K3sCluster): readonly Workload[] {
  return [...addons.values()].flatMap((text) => {
    const known = read.get(text) ?? readWorkloads(text);
    read.set(text, known);
    return known;
  });
}

/** What the controllers and the scheduler make of the manifests: so many pods of each, on nodes that take some. */
export function keepPods(cluster: K3sCluster): void {
  const { pods } = cluster.workloads;
  const nodes = cluster.nodes.list();
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const all = objects(cluster);
  const wanted = new Set(all.map((object) => `${kindOfOwner(object)} ${object.metadata?.name ?? ''}`));
  const isLeft = ({ node, owner }: PracticePod): boolean =>
    (node === undefined || names.has(node)) && (owner === undefined || wanted.has(`${owner.kind} ${owner.of}`));
  pods.splice(0, pods.length, ...pods.filter(isLeft));
  for (const object of all) make(cluster, object, nodes);
  for (const pod of pods) {
    const free = nodes.filter(
      (node) => node.spec['unschedulable'] !== true && isReady(node) && fits(node, pod.spec as PodSpec),
    );
    pod.node ??= leastUsed(cluster, free)?.metadata.name;
    if (pod.starting || pod.node === undefined || !cluster.kubelets.has(pod.node)) continue;
    pod.starting = true;
    cluster.later(TIMINGS.podStart, () => (pod.phase = 'Running'));
  }
}

function make(cluster: K3sCluster, object: Workload, nodes: readonly NodeObject[]): void {
  const { pods } = cluster.workloads;
  const { metadata, spec } = object;
  const kind = kindOfOwner(object);
  const own = pods.filter(({ owner, ending }) => !ending && owner?.kind === kind && owner.of === metadata?.name);
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
      for (let lack = (spec?.replicas ?? 1) - own.length; lack > 0; lack -= 1) pods.push(podOf(cluster, object));
      break;
    case 'DaemonSet':
      // Its pods tolerate that a node takes no others.
      for (const node of nodes.filter(
        (one) => takes(one, object) && !own.some((pod) => pod.node === one.metadata.name),
      ))
        pods.push({ ...podOf(cluster, object), node: node.metadata.name });
      break;
    case 'Pod':
      if (!pods.some(({ name }) => name === metadata?.name)) pods.push(podOf(cluster, object));
      break;
    default:
  }
}

function takes(node: NodeObject, { spec }: Workload): boolean {
  return fits(node, spec?.template?.spec ?? {});
}

function fits({ metadata }: NodeObject, { nodeSelector = {} }: PodSpec): boolean {
  return Object.entries(nodeSelector).every(([key, value]) => metadata.labels[key] === value);
}

function kindOfOwner({ kind = '' }: Workload): string {
  return kind === 'Deployment' ? 'ReplicaSet' : kind;
}

function podOf(cluster: K3sCluster, object: Workload): PracticePod {
  const { metadata, spec } = object;
  const name = metadata?.name ?? 'pod';
  const alone = object.kind === 'Pod';
  const kind = kindOfOwner(object);
  cluster.workloads.made += 1;
  const own = (alone ? spec : spec?.template?.spec) ?? {};
  return {
    namespace: metadata?.namespace ?? 'default',
    name: alone ? name : `${name}-${cluster.workloads.made.toString(36).padStart(5, 'x')}`,
    labels: (alone ? metadata : spec?.template?.metadata)?.labels ?? {},
    ...(alone ? {} : { owner: { kind, of: name } }),
    emptyDir: (own.volumes ?? []).some((volume) => 'emptyDir' in volume),
    spec: { ...own },
    phase: 'Pending',
    starting: false,
    ending: false,
  };
}

function isReady(node: NodeObject): boolean {
  return readyStatus(node) === 'Ready';
}

function leastUsed({ workloads: { pods } }: K3sCluster, nodes: readonly NodeObject[]): NodeObject | undefined {
  const used = (node: NodeObject): number => pods.filter((pod) => pod.node === node.metadata.name).length;
  return [...nodes].sort((a, b) => used(a) - used(b))[0];
}

/** The budgets for disruption, with what they allow now. */
export function budgetsOf(cluster: K3sCluster): readonly PracticeBudget[] {
  return objects(cluster)
    .filter(({ kind }) => kind === 'PodDisruptionBudget')
    .map(({ metadata, spec }) => {
      const namespace = metadata?.namespace ?? 'default';
      const selector = spec?.selector?.matchLabels ?? {};
      const own = cluster.workloads.pods.filter((pod) => pod.namespace === namespace && isSelected(pod, selector));
      const expected = own.filter(({ ending }) => !ending).length;
      const healthy = own.filter(({ ending, phase }) => !ending && phase === 'Running').length;
      const wanted = wantedHealthy(spec ?? {}, expected);
      const allowed = Math.max(0, healthy - wanted);
      return { namespace, name: metadata?.name ?? '', spec: spec ?? {}, selector, allowed, healthy, wanted, expected };
    });
}

export function isSelected({ labels }: PracticePod, selector: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function wantedHealthy(spec: Readonly<Record<string, unknown>>, expected: number): number {
  const amount = (value: unknown): number =>
    typeof value === 'string' && value.endsWith('%')
      ? Math.ceil((expected * Number(value.slice(0, -1))) / 100)
      : Number(value);
  if (spec['minAvailable'] !== undefined) return amount(spec['minAvailable']);
  return spec['maxUnavailable'] === undefined ? 0 : expected - amount(spec['maxUnavailable']);
}

/** Evicts a pod as the API does; false when a budget keeps it. */
export function evict(cluster: K3sCluster, pod: PracticePod): boolean {
  const budgets = budgetsOf(cluster).filter(
    ({ namespace, selector }) => namespace === pod.namespace && isSelected(pod, selector),
  );
  if (pod.phase === 'Running' && !pod.ending && budgets.some(({ allowed }) => allowed === 0)) return false;
  if (!pod.ending) {
    pod.ending = true;
    cluster.later(TIMINGS.podEnd, () => {
      const at = cluster.workloads.pods.indexOf(pod);
      if (at >= 0) cluster.workloads.pods.splice(at, 1);
    });
  }
  return true;
}
