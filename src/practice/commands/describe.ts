import { readyStatus } from '../k3s/nodeObject';
import type { NodeObject } from '../k3s/nodeStore';
import type { PracticePod } from '../k3s/podStore';
import { fail, type Command } from './command';
import { withApi } from './kubectl';

/** describe-node: name. The parts of kubectl's description that a simulated node has something to say in. */
export const describeNodeCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const [name = ''] = run.args;
    const node = cluster.nodes.get(name);
    if (node === undefined) return fail(run, `Error from server (NotFound): nodes "${name}" not found`);
    const pods = cluster.workloads.pods.filter((pod) => pod.node === name);
    run.out(`${[...head(node), ...conditions(node), ...system(node), ...podLines(pods)].join('\n')}\n`);
    return 0;
  });

function head({ metadata, spec }: NodeObject): readonly string[] {
  const taints = ((spec['taints'] ?? []) as { key: string; value?: string; effect: string }[]).map(
    ({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`,
  );
  const roles = Object.keys(metadata.labels).flatMap((label) =>
    label.startsWith('node-role.kubernetes.io/') ? [label.slice('node-role.kubernetes.io/'.length)] : [],
  );
  return [
    `Name:               ${metadata.name}`,
    `Roles:              ${roles.length === 0 ? '<none>' : roles.join(',')}`,
    ...list(
      'Labels:',
      Object.entries(metadata.labels).map(([key, value]) => `${key}=${value}`),
    ),
    ...list(
      'Annotations:',
      Object.entries(metadata.annotations).map(([key, value]) => `${key}: ${value}`),
    ),
    `CreationTimestamp:  ${metadata.creationTimestamp}`,
    ...list('Taints:', taints),
    `Unschedulable:      ${String(spec['unschedulable'] === true)}`,
  ];
}

/** A key with a value in each line. */
function list(key: string, values: readonly string[]): readonly string[] {
  return (values.length === 0 ? ['<none>'] : values).map((value, at) => `${(at === 0 ? key : '').padEnd(20)}${value}`);
}

function conditions({ status }: NodeObject): readonly string[] {
  const rows = status.conditions.map(({ type, status: state, lastHeartbeatTime, reason, message }) =>
    [`  ${type.padEnd(18)}`, state.padEnd(8), lastHeartbeatTime.padEnd(22), reason.padEnd(28), message].join(' '),
  );
  const title = [
    '  Type'.padEnd(20),
    'Status'.padEnd(8),
    'LastHeartbeatTime'.padEnd(22),
    'Reason'.padEnd(28),
    'Message',
  ];
  return ['Conditions:', title.join(' '), ...rows];
}

function system(node: NodeObject): readonly string[] {
  const { status } = node;
  const pairs = (values: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(values).map(([key, value]) => `  ${`${key}:`.padEnd(26)}${value}`);
  return [
    'Addresses:',
    ...status.addresses.map(({ type, address }) => `  ${type}:  ${address}`),
    'Capacity:',
    ...pairs(status.capacity),
    'Allocatable:',
    ...pairs(status.allocatable),
    'System Info:',
    ...pairs(status.nodeInfo),
    `Ready:              ${readyStatus(node)}`,
  ];
}

function podLines(pods: readonly PracticePod[]): readonly string[] {
  const nothing = '0 (0%)';
  return [
    `Non-terminated Pods:  (${pods.length} in total)`,
    ...pods.map(({ namespace, name }) => `  ${namespace.padEnd(20)} ${name}`),
    'Allocated resources:',
    '  Resource           Requests  Limits',
    ...['cpu', 'memory', 'ephemeral-storage'].map((what) => `  ${what.padEnd(18)} ${nothing}    ${nothing}`),
    'Events:              <none>',
  ];
}
