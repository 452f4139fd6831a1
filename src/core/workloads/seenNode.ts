import { listIn, objectIn, textIn, textsIn } from '../base/json';
import { NAME_FIELD } from './nodeTerms';
import { quantity } from './quantity';

/** Room on a node, or what a pod asks for of it. */
export interface Room {
  /** In cores. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
  readonly pods: number;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** A node, as far as it matters to where pods may go. */
export interface SeenNode {
  readonly name: string;
  /** With its name as that of {@link NAME_FIELD}. */
  readonly labels: ReadonlyMap<string, string>;
  /** Those that keep pods away; what Kubernetes sets while a node is not well is told by `open`. */
  readonly taints: readonly Taint[];
  readonly room: Room;
  /** Ready, and not cordoned. */
  readonly open: boolean;
}

/** A Node object of the API, whatever its shape. */
export function readSeenNode(object: unknown): SeenNode {
  const { metadata, spec, status } = objectIn(object);
  const { name, labels } = objectIn(metadata);
  const { allocatable, conditions } = objectIn(status);
  const { cpu, memory, pods } = objectIn(allocatable);
  const ready = listIn(conditions).some(
    (one) => objectIn(one)['type'] === 'Ready' && objectIn(one)['status'] === 'True',
  );
  return {
    name: textIn(name),
    labels: new Map([...Object.entries(textsIn(labels)), [NAME_FIELD, textIn(name)]]),
    taints: listIn(objectIn(spec)['taints']).map(readTaint).filter(keepsAway),
    // A node that tells nothing of its room is not taken for a full one.
    room: { cpu: quantity(cpu) || Infinity, memory: quantity(memory) || Infinity, pods: quantity(pods) || Infinity },
    open: ready && objectIn(spec)['unschedulable'] !== true,
  };
}

function readTaint(value: unknown): Taint {
  const { key, value: of, effect } = objectIn(value);
  return { key: textIn(key), value: textIn(of), effect: textIn(effect) };
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function keepsAway({ key, effect }: Taint): boolean {
  return effect !== 'PreferNoSchedule' && !key.startsWith('node.kubernetes.io/');
}
