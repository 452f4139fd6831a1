import { later, said, say } from '../base/say';
import { duration } from '../base/duration';
import { CORDON_ANNOTATION } from '../k3s/marks';
import type { Condition } from './nodeObject';
import { readNode } from './nodeObject';

/** Label on the nodes of a practice fleet: they do not exist, and every view says so. */
export const SIMULATED_LABEL = 'k3s-ha.io/simulated';

/** What a warning is about, whatever the language. */
export type Trouble = 'memory' | 'disk' | 'processes' | 'network' | 'cordoned' | 'cut-off' | 'electing';

/** One live node, told so that a person understands it. */
export interface NodeHealth {
  readonly name: string;
  readonly ready: 'ready' | 'not-ready' | 'unknown';
  /** Reads on after "server-1 is …", e.g. `ready`, `unreachable: its kubelet stopped reporting 2 min ago`. */
  readonly reason: string;
  /** The reason without the time that passes; absent while it is ready. */
  readonly cause?: string;
  /** For how long its machine has shown this state, `4 s`; absent where only its node tells. */
  readonly lasting?: string;
  /** When the state became what it is, in milliseconds since 1970. */
  readonly since?: number;
  /** As kubectl shows them (`control-plane`, `etcd`, …); empty for an agent without role labels. */
  readonly roles: readonly string[];
  readonly role: 'server' | 'agent';
  /** K3s release that the node runs, e.g. `v1.36.3+k3s1`. */
  readonly version?: string;
  /** Time since the node registered, e.g. `12 d`. */
  readonly age?: string;
  readonly internalIp?: string;
  /** Every address that the node reports, host name included. */
  readonly addresses: readonly string[];
  /** Membership in embedded etcd; undefined when the node has none. */
  readonly etcd?: 'voter' | 'learner';
  /** What is wrong with the etcd member, after "its etcd member …". */
  readonly etcdFault?: string;
  /** Whether the machine itself answers, where that is known. */
  readonly answers?: boolean;
  /** False after `kubectl cordon`. */
  readonly schedulable: boolean;
  /** We have cordoned it, and a run that was cut off has left it so. */
  readonly ownCordon?: true;
  /** Troubles of a node that may still be ready, as sentences without a full stop. */
  readonly warnings: readonly string[];
  /** What the first of them is about; absent when there is none. */
  readonly trouble?: Trouble;
  /** Those of them that its kubelet reports; absent when there is none. */
  readonly pressures?: readonly string[];
  readonly simulated: boolean;
}

/** Reads a Node object of the API, whatever its shape. `now` is in milliseconds since 1970. */
export function nodeHealth(object: unknown, now: number): NodeHealth {
  const node = readNode(object);
  const ready = node.conditions.get('Ready');
  const roles = rolesOf(node.labels);
  const etcd = node.conditions.get('EtcdIsVoter');
  const pressed = pressuresOf(node.conditions);
  const pressures = pressed.map(([, words]) => said(words));
  return {
    name: node.name,
    ready: ready?.status === 'True' ? 'ready' : ready?.status === 'False' ? 'not-ready' : 'unknown',
    reason: reasonOf(ready, now),
    ...optional('cause', ready?.status === 'True' ? undefined : reasonOf(ready)),
    ...optional('since', ready?.changedAt),
    roles,
    role: roles.includes('control-plane') || roles.includes('etcd') ? 'server' : 'agent',
    ...optional('version', node.version),
    ...optional('age', node.createdAt === undefined ? undefined : duration(now - node.createdAt)),
    ...optional('internalIp', node.internalIp),
    addresses: node.addresses,
    ...optional('etcd', membership(etcd, node.annotations)),
    ...optional('etcdFault', etcd === undefined || etcd.status === 'True' ? undefined : etcdFault(etcd.reason)),
    schedulable: !node.unschedulable,
    ...(node.unschedulable && node.annotations[CORDON_ANNOTATION] !== undefined ? { ownCordon: true as const } : {}),
    warnings: node.unschedulable ? [...pressures, say`no new pods are placed here (cordoned)`] : pressures,
    ...optional<'trouble', Trouble>('trouble', pressed[0]?.[2] ?? (node.unschedulable ? 'cordoned' : undefined)),
    ...(pressures.length === 0 ? {} : { pressures }),
    simulated: node.labels[SIMULATED_LABEL] === 'true',
  };
}

function optional<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}

/** `master` is the old name of control-plane, which K3s also set up to v1.33. */
function rolesOf(labels: Readonly<Record<string, string>>): readonly string[] {
  const prefix = 'node-role.kubernetes.io/';
  const names = Object.keys(labels)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  return [...new Set(names.map((name) => (name === 'master' ? 'control-plane' : name)))].sort();
}

/** Reasons of the condition EtcdIsVoter that K3s sets on server nodes; an unhealthy member still counts for the quorum. */
const ETCD_FAULTS: Partial<Record<string, string>> = {
  MemberIsLearner: later`is still copying the data and has no vote yet`,
  Unhealthy: later`does not answer its health check`,
  NotAMember: later`was removed from the etcd cluster`,
};

function etcdFault(reason: string): string | undefined {
  const fault = ETCD_FAULTS[reason];
  return fault === undefined ? undefined : said(fault);
}

/**
 * K3s annotates the node of a member at once, and tells by the condition some seconds later; a learner is promoted before
 * its node exists. https://github.com/k3s-io/k3s/blob/main/pkg/etcd/etcd.go
 */
function membership(etcd: Condition | undefined, annotations: Readonly<Record<string, string>>): NodeHealth['etcd'] {
  if (etcd === undefined) return annotations['etcd.k3s.cattle.io/node-name'] === undefined ? undefined : 'voter';
  if (etcd.reason === 'NotAMember') return undefined;
  return etcd.reason === 'MemberIsLearner' ? 'learner' : 'voter';
}

/** Without `now` the time that passes is left out. */
function reasonOf(ready: Condition | undefined, now?: number): string {
  if (ready === undefined) return say`unknown: it has not reported its state yet`;
  if (ready.status === 'True') return 'ready';
  if (ready.status === 'False') {
    const lasting =
      ready.changedAt === undefined || now === undefined ? '' : say` (for ${duration(now - ready.changedAt)})`;
    return say`not ready: ${causeOf(ready.message)}${lasting}`;
  }
  if (ready.reason === 'NodeStatusNeverUpdated') return say`unreachable: its kubelet has never reported`;
  // The API notices about 40 s after the last report; people ask for the report.
  const last = ready.heartbeatAt ?? ready.changedAt;
  return last === undefined || now === undefined
    ? say`unreachable: its kubelet stopped reporting`
    : say`unreachable: its kubelet stopped reporting ${duration(now - last)} ago`;
}

/** What the kubelet means by its messages. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/NetworkPluginNotReady|cni plugin not initialized/i, later`the pod network is not up yet`],
  [/PLEG is not healthy/i, later`the container runtime hangs`],
  [/container runtime (is down|status check may not have completed)/i, later`the container runtime does not answer`],
  [/CSINode is not yet initialized/i, later`its storage drivers are still starting`],
  [/node is shutting down/i, later`the host is shutting down`],
];

function causeOf(message: string): string {
  const known = CAUSES.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return said(known[1]);
  return message === '' ? say`its kubelet gives no reason` : message.slice(0, 200);
}

const PRESSURES = [
  ['MemoryPressure', later`memory is running out`, 'memory'],
  ['DiskPressure', later`the disk is running full`, 'disk'],
  ['PIDPressure', later`there are too many processes`, 'processes'],
  ['NetworkUnavailable', later`the pod network is not set up`, 'network'],
] as const;

function pressuresOf(conditions: ReadonlyMap<string, Condition>): readonly (typeof PRESSURES)[number][] {
  return PRESSURES.filter(([type]) => conditions.get(type)?.status === 'True');
}
