import { readyStatus } from '../k3s/nodeObject';
import type { NodeObject } from '../k3s/nodeStore';

const column = (name: string, priority: number, format = ''): Record<string, unknown> => ({
  name,
  type: 'string',
  format,
  description: name,
  priority,
});

const COLUMNS = [
  column('Name', 0, 'name'),
  ...['Status', 'Roles', 'Age', 'Version'].map((name) => column(name, 0)),
  ...['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'].map((name) => column(name, 1)),
];

/** Nodes as `kubectl get nodes` asks for them: rows that the server has formatted. */
export function nodeTable(nodes: readonly NodeObject[], resourceVersion: number, now: number): Record<string, unknown> {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(resourceVersion) },
    columnDefinitions: COLUMNS,
    rows: nodes.map((node) => ({
      cells: cells(node, now),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: node.metadata },
    })),
  };
}

function cells(node: NodeObject, now: number): string[] {
  const address = (type: string): string =>
    node.status.addresses.find((candidate) => candidate.type === type)?.address ?? '<none>';
  const status = [
    readyStatus(node) === 'Ready' ? 'Ready' : 'NotReady',
    ...(node.spec['unschedulable'] === true ? ['SchedulingDisabled'] : []),
  ].join(',');
  const roles = Object.keys(node.metadata.labels)
    .filter((label) => label.startsWith('node-role.kubernetes.io/'))
    .map((label) => label.slice(label.indexOf('/') + 1))
    .sort();
  const info = node.status.nodeInfo;
  return [
    node.metadata.name,
    status,
    roles.length === 0 ? '<none>' : roles.join(','),
    age(now - Date.parse(node.metadata.creationTimestamp)),
    info['kubeletVersion'] ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    info['osImage'] ?? '',
    info['kernelVersion'] ?? '',
    info['containerRuntimeVersion'] ?? '',
  ];
}

/** `45s`, `3m10s`, `17h`, `12d` */
function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10 && seconds % 60 !== 0) return `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
