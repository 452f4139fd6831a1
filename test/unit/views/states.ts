import { finish } from '../../../src/core/base/steps';
import { parseDocument } from '../../../src/core/document/parse';
import type { NodeHealth } from '../../../src/core/health/nodeHealth';
import { inspectInSteps } from '../../../src/core/language/validate';
import type { ClusterState } from '../../../src/views/clusterState';

export const TEXT = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1}
loadBalancer: {address: 10.0.0.100}
datastore: {type: embedded-etcd}
token: \${secret:edge-token}
servers:
  config: {tls-san: [10.0.0.100]}
  nodes:
    - {host: 10.0.0.11, name: server-1}
    - {host: 10.0.0.12, name: server-2}
    - {host: 10.0.0.13, name: server-3}
agents:
  nodes:
    - {host: "10.0.1.[1-4]", name: "agent-[1-4]"}
`;

/** A cluster file that nobody has looked at yet. */
export function fileState(text: string = TEXT): ClusterState {
  const document = parseDocument(text);
  return {
    uri: 'file:///edge.k3s.yaml',
    document,
    ...finish(inspectInSteps(document)),
    live: { kind: 'idle' },
    planned: new Map(),
    run: new Map(),
  };
}

/** The same file with these nodes of a running cluster. */
export function withNodes(state: ClusterState, nodes: readonly NodeHealth[]): ClusterState {
  return { ...state, live: { kind: 'live', nodes, via: 'direct', version: 'v1.36.3+k3s1' } };
}

export function seen(name: string, more: Partial<NodeHealth> = {}): NodeHealth {
  const server = name.startsWith('server');
  return {
    name,
    ready: 'ready',
    reason: 'ready',
    roles: server ? ['control-plane', 'etcd'] : [],
    role: server ? 'server' : 'agent',
    version: 'v1.36.3+k3s1',
    addresses: [],
    ...(server ? { etcd: 'voter' as const } : {}),
    schedulable: true,
    warnings: [],
    simulated: false,
    ...more,
  };
}

/** Every node of {@link TEXT}, Ready. */
export const NODES: readonly NodeHealth[] = [
  ...[1, 2, 3].map((i) => seen(`server-${i}`)),
  ...[1, 2, 3, 4].map((i) => seen(`agent-${i}`)),
];

/** The same list with another state of one node. */
export function withNode(nodes: readonly NodeHealth[], name: string, more: Partial<NodeHealth>): readonly NodeHealth[] {
  return nodes.map((node) => (node.name === name ? { ...node, ...more } : node));
}

export const NOT_READY: Partial<NodeHealth> = { ready: 'not-ready', reason: 'not ready: its kubelet gives no reason' };
