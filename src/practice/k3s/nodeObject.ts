import { createHash, randomUUID } from 'node:crypto';
import type { PracticeHost } from '../machine/host';
import type { K3sConfig } from './config';
import type { NodeCondition, NodeObject } from './nodeStore';

/** Label that says in every listing that this node does not exist. */
const SIMULATED_LABEL = 'k3s-ha.io/simulated';

const ROLE = 'node-role.kubernetes.io/';
const ETCD = 'etcd.k3s.cattle.io/';
const UNINITIALIZED = 'node.cloudprovider.kubernetes.io/uninitialized';

export interface NodeInputs {
  readonly name: string;
  readonly host: PracticeHost;
  readonly config: K3sConfig;
  readonly version: string;
  /** Name of the etcd member, for servers that are one. */
  readonly memberName?: string;
  readonly index: number;
  readonly time: string;
}

/** The Node with all that its kubelet and K3s write into it; before it is Ready a new one is what {@link registered} leaves. */
export function nodeObject(inputs: NodeInputs, before: NodeObject | undefined): NodeObject {
  const { name, host, config, version, time } = inputs;
  const internal = config.list('node-ip')[0] ?? host.addresses[0];
  const external = config.list('node-external-ip');
  const annotations: Record<string, string> = {
    'alpha.kubernetes.io/provided-node-ip': internal,
    'k3s.io/hostname': name,
    'k3s.io/internal-ip': internal,
    'k3s.io/node-args': JSON.stringify(config.nodeArgs),
    'k3s.io/node-config-hash': configHash(config),
    'k3s.io/node-env': JSON.stringify(config.nodeEnv),
    'node.alpha.kubernetes.io/ttl': '0',
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
    ...(external.length === 0 ? {} : { 'k3s.io/external-ip': external.join(',') }),
    ...(inputs.memberName === undefined
      ? {}
      : { [`${ETCD}node-address`]: internal, [`${ETCD}node-name`]: inputs.memberName }),
  };
  const arch = { x86_64: 'amd64', aarch64: 'arm64' }[host.arch] ?? host.arch;
  const { taints: _, ...oldSpec } = before?.spec ?? {};
  const taints = before === undefined ? config.list('node-taint').map(taint) : before.spec['taints'];
  const capacity = {
    cpu: String(host.cpus),
    memory: `${host.memoryKiB}Ki`,
    pods: '110',
    'ephemeral-storage': `${host.diskFreeKiB}Ki`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: before?.metadata.uid ?? randomUUID(),
      creationTimestamp: before?.metadata.creationTimestamp ?? time,
      labels: { ...before?.metadata.labels, ...labels(inputs, arch) },
      annotations: { ...before?.metadata.annotations, ...annotations },
      finalizers: ['wrangler.cattle.io/managed-etcd-controller', 'wrangler.cattle.io/node'],
    },
    spec: {
      ...oldSpec,
      podCIDR: before?.spec['podCIDR'] ?? `10.42.${inputs.index}.0/24`,
      podCIDRs: before?.spec['podCIDRs'] ?? [`10.42.${inputs.index}.0/24`],
      providerID: `k3s://${name}`,
      ...(Array.isArray(taints) && taints.length > 0 ? { taints: taints as unknown[] } : {}),
    },
    status: {
      addresses: [
        ...(config.list('node-ip').length > 0 ? config.list('node-ip') : [internal]).map((address) => ({
          type: 'InternalIP',
          address,
        })),
        ...external.map((address) => ({ type: 'ExternalIP', address })),
        { type: 'Hostname', address: name },
      ],
      conditions: before?.status.conditions ?? firstConditions(time),
      nodeInfo: {
        architecture: arch,
        bootID: host.bootId,
        containerRuntimeVersion: 'containerd://2.3.2-k3s2',
        kernelVersion: host.kernel,
        kubeProxyVersion: version,
        kubeletVersion: version,
        machineID: createHash('sha256').update(host.id).digest('hex').slice(0, 32),
        operatingSystem: 'linux',
        osImage: host.os,
        systemUUID: createHash('sha256').update(`system ${host.id}`).digest('hex').slice(0, 32),
      },
      capacity,
      allocatable: capacity,
    },
  };
}

/** Status of the Ready condition in the words of `kubectl get nodes` and `describe`. */
export function readyStatus(node: NodeObject): 'Ready' | 'NotReady' | 'Unknown' {
  const status = node.status.conditions.find((condition) => condition.type === 'Ready')?.status;
  return status === 'True' ? 'Ready' : status === 'False' ? 'NotReady' : 'Unknown';
}

type ConditionChange = Pick<NodeCondition, 'type' | 'status' | 'reason' | 'message'>;

/** The node with one or more conditions changed; transition times move only where the status does. */
export function withConditions(node: NodeObject, time: string, changes: readonly ConditionChange[]): NodeObject {
  const changed = changes.map((change) => {
    const old = node.status.conditions.find((condition) => condition.type === change.type);
    return {
      ...change,
      lastHeartbeatTime: time,
      lastTransitionTime: old?.status === change.status ? old.lastTransitionTime : time,
    };
  });
  const kept = node.status.conditions.filter((condition) => !changes.some((change) => change.type === condition.type));
  const ready = changed.find((condition) => condition.type === 'Ready');
  return {
    ...node,
    spec: ready === undefined ? node.spec : withConditionTaints(node.spec, ready.status, time),
    status: { ...node.status, conditions: [...kept, ...changed].sort((a, b) => order(a.type) - order(b.type)) },
  };
}

export const READY: readonly ConditionChange[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
];

export const UNKNOWN: readonly ConditionChange[] = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map(
  (type) => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  }),
);

/** The condition by which K3s tells of a node's etcd member. */
export const VOTER = 'EtcdIsVoter';

/** What K3s says of a node's etcd member; undefined: it is none any more. */
export function voterCondition(member: { readonly learner: boolean } | undefined): ConditionChange {
  const type = VOTER;
  if (member === undefined)
    return { type, status: 'False', reason: 'NotAMember', message: 'Node is not a member of the etcd cluster' };
  return member.learner
    ? {
        type,
        status: 'False',
        reason: 'MemberIsLearner',
        message: 'Node has not been promoted to voting member of the etcd cluster',
      }
    : {
        type,
        status: 'True',
        reason: 'MemberNotLearner',
        message: 'Node is a voting member of the etcd cluster',
      };
}

/** A new node in its first seconds: its roles and what K3s knows of its etcd member come later, and taints keep pods away. */
export function registered(node: NodeObject): NodeObject {
  const later = (key: string): boolean => key.startsWith(ROLE) || key.startsWith(ETCD);
  const without = (all: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !later(key)));
  const { labels, annotations } = node.metadata;
  const taints = [
    { key: UNINITIALIZED, value: 'true', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
    ...((node.spec['taints'] as unknown[] | undefined) ?? []),
  ];
  return {
    ...node,
    metadata: { ...node.metadata, labels: without(labels), annotations: without(annotations) },
    spec: { ...node.spec, taints },
  };
}

/** The same node when its roles have been set, with all that changed meanwhile. */
export function withRoles(now: NodeObject, whole: NodeObject): NodeObject {
  const { taints, ...spec } = now.spec as { taints?: { key: string }[] };
  const kept = (taints ?? []).filter(({ key }) => key !== UNINITIALIZED);
  return {
    ...now,
    metadata: {
      ...now.metadata,
      labels: { ...now.metadata.labels, ...whole.metadata.labels },
      annotations: { ...now.metadata.annotations, ...whole.metadata.annotations },
    },
    spec: kept.length === 0 ? spec : { ...spec, taints: kept },
  };
}

function firstConditions(time: string): NodeCondition[] {
  const message =
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
  const conditions = [
    ...READY.slice(0, 3),
    { type: 'Ready', status: 'False' as const, reason: 'KubeletNotReady', message },
  ];
  return conditions
    .map((condition) => ({ ...condition, lastHeartbeatTime: time, lastTransitionTime: time }))
    .sort((a, b) => order(a.type) - order(b.type));
}

function order(type: string): number {
  return ['EtcdIsVoter', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].indexOf(type);
}

function labels({ name, config, version, memberName }: NodeInputs, arch: string): Record<string, string> {
  const minor = Number(/^v\d+\.(\d+)/.exec(version)?.[1] ?? 0);
  const roles: Record<string, string> =
    config.role === 'agent'
      ? {}
      : {
          ...(config.flag('disable-apiserver')
            ? {}
            : {
                [`${ROLE}control-plane`]: 'true',
                ...(minor <= 33 ? { [`${ROLE}master`]: 'true' } : {}),
              }),
          ...(memberName === undefined ? {} : { [`${ROLE}etcd`]: 'true' }),
        };
  const own = config.list('node-label').map((label): [string, string] => {
    const at = label.indexOf('=');
    return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)];
  });
  return {
    'beta.kubernetes.io/arch': arch,
    'beta.kubernetes.io/instance-type': 'k3s',
    'beta.kubernetes.io/os': 'linux',
    [SIMULATED_LABEL]: 'true',
    'kubernetes.io/arch': arch,
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'k3s',
    ...roles,
    ...Object.fromEntries(own),
  };
}

/** A taint of a Node, of `key=value:Effect`. */
export function taint(text: string): Record<string, string> {
  const match = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text);
  return {
    key: match?.[1] ?? text,
    ...(match?.[2] === undefined ? {} : { value: match[2] }),
    effect: match?.[3] ?? 'NoSchedule',
  };
}

/** The node lifecycle controller taints nodes that are not ready. */
function withConditionTaints(spec: NodeObject['spec'], ready: string, time: string): NodeObject['spec'] {
  const ours = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
  const { taints, ...rest } = spec as { taints?: { key: string }[] };
  const kept = (taints ?? []).filter(({ key }) => !ours.includes(key));
  const key = ready === 'Unknown' ? ours[1] : ours[0];
  const added = ready === 'True' ? [] : ['NoSchedule', 'NoExecute'].map((effect) => ({ key, effect, timeAdded: time }));
  const all = [...kept, ...added];
  return all.length === 0 ? rest : { ...rest, taints: all };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 of the sha256 over arguments and environment, as K3s writes it. */
function configHash(config: K3sConfig): string {
  const bits = [
    ...createHash('sha256')
      .update(JSON.stringify([config.nodeArgs, config.nodeEnv]))
      .digest(),
  ]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  return `${(bits.match(/.{1,5}/g) ?? []).map((group) => BASE32[parseInt(group.padEnd(5, '0'), 2)]).join('')}====`;
}
