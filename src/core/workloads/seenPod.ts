import { listIn, numberIn, objectIn, textIn, textsIn, type Json } from '../base/json';
import { readSelector, type LabelSelector, type Pod } from '../remote/pods';
import { readNodeTerms, type NodeTerms } from './nodeTerms';
import { quantity } from './quantity';
import type { Room } from './seenNode';

interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  readonly effect: string;
  /** For how long it holds, in seconds; absent: for ever. */
  readonly seconds?: number;
}

/** Pods that this one must not share a node, a zone … with. */
interface Apart {
  readonly selector: LabelSelector;
  readonly key: string;
}

/** A pod, as far as it matters to what becomes of it when its node fails. */
export interface SeenPod extends Pod {
  /** What it belongs to, as people know it: `Deployment web`, not its ReplicaSet. */
  readonly workload: { readonly kind: string; readonly name: string };
  readonly asks: Room;
  readonly priority: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly terms?: NodeTerms;
  readonly tolerations: readonly Toleration[];
  readonly apart: readonly Apart[];
  readonly claims: readonly string[];
  /** Folders of its node that it writes to. */
  readonly hostPaths: readonly string[];
}

/** A Pod object of the API, whatever its shape. */
export function readSeenPod(object: unknown): SeenPod {
  const { metadata, spec, status } = objectIn(object);
  const { namespace, name, labels, annotations, ownerReferences, deletionTimestamp } = objectIn(metadata);
  const { nodeName, volumes, nodeSelector, affinity, tolerations, priority } = objectIn(spec);
  const { phase, conditions } = objectIn(status);
  const owner = listIn(ownerReferences)
    .map(objectIn)
    .find(({ controller }) => controller === true);
  const { nodeAffinity, podAntiAffinity } = objectIn(affinity);
  const terms = readNodeTerms(objectIn(nodeAffinity)['requiredDuringSchedulingIgnoredDuringExecution']);
  const all = listIn(volumes).map(objectIn);
  const texts = textsIn(labels);
  return {
    namespace: textIn(namespace),
    name: textIn(name),
    node: textIn(nodeName),
    phase: textIn(phase),
    owner: textIn(owner?.['kind']),
    emptyDir: all.some((volume) => 'emptyDir' in volume),
    mirror: 'kubernetes.io/config.mirror' in objectIn(annotations),
    ending: deletionTimestamp !== undefined,
    ready: listIn(conditions).some((one) => objectIn(one)['type'] === 'Ready' && objectIn(one)['status'] === 'True'),
    labels: new Map(Object.entries(texts)),
    workload: workloadOf(owner, textIn(name), texts['pod-template-hash']),
    asks: asksOf(objectIn(spec)),
    priority: numberIn(priority),
    nodeSelector: textsIn(nodeSelector),
    ...(terms === undefined ? {} : { terms }),
    tolerations: listIn(tolerations).map(readToleration),
    apart: listIn(objectIn(podAntiAffinity)['requiredDuringSchedulingIgnoredDuringExecution']).map((one) => ({
      selector: readSelector(objectIn(one)['labelSelector']),
      key: textIn(objectIn(one)['topologyKey']),
    })),
    claims: all
      .map(({ persistentVolumeClaim }) => textIn(objectIn(persistentVolumeClaim)['claimName']))
      .filter(Boolean),
    hostPaths: hostPathsOf(objectIn(spec), all),
  };
}

/** A ReplicaSet is named after its Deployment and the hash that its pods have as a label, a Job after its CronJob and a minute. */
function workloadOf(owner: Json | undefined, pod: string, hash: string | undefined): SeenPod['workload'] {
  const [kind, name] = [textIn(owner?.['kind']), textIn(owner?.['name'])];
  if (kind === '') return { kind: 'Pod', name: pod };
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  return { kind, name };
}

/** What the scheduler counts. https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers */
function asksOf(spec: Json): Room {
  const requests = (value: unknown): { cpu: number; memory: number } => {
    const { cpu, memory } = objectIn(objectIn(objectIn(value)['resources'])['requests']);
    return { cpu: quantity(cpu), memory: quantity(memory) };
  };
  const total = { cpu: 0, memory: 0 };
  const most = { cpu: 0, memory: 0 };
  const before = { cpu: 0, memory: 0 };
  for (const container of listIn(spec['initContainers'])) {
    const { cpu, memory } = requests(container);
    const stays = objectIn(container)['restartPolicy'] === 'Always';
    if (stays) {
      before.cpu += cpu;
      before.memory += memory;
    }
    most.cpu = Math.max(most.cpu, before.cpu + (stays ? 0 : cpu));
    most.memory = Math.max(most.memory, before.memory + (stays ? 0 : memory));
  }
  for (const container of listIn(spec['containers'])) {
    const { cpu, memory } = requests(container);
    total.cpu += cpu;
    total.memory += memory;
  }
  const { cpu, memory } = objectIn(spec['overhead']);
  return {
    cpu: Math.max(total.cpu + before.cpu, most.cpu) + quantity(cpu),
    memory: Math.max(total.memory + before.memory, most.memory) + quantity(memory),
    pods: 1,
  };
}

function readToleration(value: unknown): Toleration {
  const { key, operator, value: of, effect, tolerationSeconds } = objectIn(value);
  return {
    key: textIn(key),
    operator: textIn(operator) || 'Equal',
    value: textIn(of),
    effect: textIn(effect),
    ...(typeof tolerationSeconds === 'number' ? { seconds: tolerationSeconds } : {}),
  };
}

/** What belongs to every machine alike is no data: devices, sockets, and what the kernel and the running system tell. */
const OF_EVERY_MACHINE =
  /^\/(?:dev|proc|sys|run|var\/run|etc\/(?:localtime|machine-id|ssl|ca-certificates)|lib\/modules|var\/log)(?:\/|$)/;

function hostPathsOf(spec: Json, volumes: readonly Json[]): readonly string[] {
  const paths = volumes.flatMap(({ name, hostPath }): (readonly [string, string])[] => {
    const { path, type } = objectIn(hostPath);
    const isData = typeof path === 'string' && !/Socket|Device/.test(textIn(type)) && !OF_EVERY_MACHINE.test(path);
    return isData ? [[textIn(name), path]] : [];
  });
  if (paths.length === 0) return [];
  const written = new Set(
    [...listIn(spec['containers']), ...listIn(spec['initContainers'])].flatMap((container) =>
      listIn(objectIn(container)['volumeMounts'])
        .map(objectIn)
        .filter(({ readOnly }) => readOnly !== true)
        .map(({ name }) => textIn(name)),
    ),
  );
  return paths.filter(([name]) => written.has(name)).map(([, path]) => path);
}
