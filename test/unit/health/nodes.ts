import type { NodeRole } from '../../../src/core/k3s/nodeRole';
import type { Cluster, ClusterNode } from '../../../src/core/cluster/cluster';

export const NOW = Date.parse('2026-11-21T12:00:00Z');
export const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString();

interface NodeParts {
  readonly name?: string;
  readonly ip?: string;
  readonly labels?: Record<string, string>;
  readonly ready?: Record<string, unknown>;
  readonly etcd?: Record<string, unknown>;
  readonly more?: readonly Record<string, unknown>[];
  readonly unschedulable?: boolean;
  readonly version?: string;
}

export const READY = {
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
  lastTransitionTime: at(3600),
  lastHeartbeatTime: at(10),
};
export const SILENT = {
  status: 'Unknown',
  reason: 'NodeStatusUnknown',
  message: 'Kubelet stopped posting node status.',
  lastTransitionTime: at(80),
  lastHeartbeatTime: at(125),
};
export const VOTER = { status: 'True', reason: 'MemberNotLearner' };

/** A Node as the API of K3s gives it. */
export function apiNode(parts: NodeParts = {}): unknown {
  const { name = 'server-1', ip = '10.0.0.11' } = parts;
  return {
    metadata: { name, creationTimestamp: at(12 * 86_400), labels: { 'kubernetes.io/hostname': name, ...parts.labels } },
    spec: parts.unschedulable === true ? { unschedulable: true } : {},
    status: {
      addresses: [
        { type: 'InternalIP', address: ip },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        ...(parts.etcd === undefined ? [] : [{ type: 'EtcdIsVoter', ...parts.etcd }]),
        { type: 'MemoryPressure', status: 'False' },
        ...(parts.more ?? []),
        { type: 'Ready', ...(parts.ready ?? READY) },
      ],
      nodeInfo: { kubeletVersion: parts.version ?? 'v1.36.3+k3s1' },
    },
  };
}

export const SERVER_LABELS = {
  'node-role.kubernetes.io/control-plane': 'true',
  'node-role.kubernetes.io/etcd': 'true',
};

export function declaredNode(role: NodeRole, host: string, name?: string): ClusterNode {
  return {
    role,
    id: name ?? host,
    ...(name === undefined ? {} : { name }),
    host,
    address: host,
    ssh: { identityFiles: [] },
    config: {},
    path: [],
  };
}

export function declaredCluster(servers: readonly ClusterNode[], agents: readonly ClusterNode[] = []): Cluster {
  return {
    name: 'edge',
    k3s: { install: { method: 'script', scriptUrl: 'https://get.k3s.io', env: {} } },
    datastore: { type: 'embedded-etcd' },
    servers,
    agents,
  };
}
