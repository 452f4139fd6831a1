import type { NodeRole } from '../../../k3s/nodeRole';
import type { InstallCommand, Login, Reading, SourceText } from '../installCommand';
import { quotedList } from '../quoted';
import { splitArguments } from '../optionArguments';
import { listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';

type Data = Readonly<Record<string, unknown>>;

/** The file of k0sctl: its hosts and logins; k0s itself is another Kubernetes. https://github.com/k0sproject/k0sctl */
export const k0sctl: Reader = {
  name: 'a k0sctl file',
  claims: ({ text }) =>
    /^apiVersion:[ \t]*["']?k0sctl\.k0sproject\.io\//m.test(text) && recordOf(readYaml(text)) !== undefined,
  read(sources) {
    const read = sources.map(readOne);
    return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
  },
};

function readOne({ text }: SourceText): Reading {
  const data = recordOf(readYaml(text)) ?? {};
  const spec = recordOf(data['spec']) ?? {};
  const name = scalarOf(recordOf(data['metadata'])?.['name']);
  const left: string[] = [];
  const hosts = listOf(spec['hosts']).map((entry) => recordOf(entry) ?? {});
  const servers = hosts.filter((host) => roleOf(host) === 'server');
  const commands = hosts.map((host): InstallCommand => {
    const ssh = recordOf(host['ssh'] ?? host['openSSH']) ?? {};
    const role = roleOf(host);
    const named = scalarOf(host['hostname']);
    const address = scalarOf(ssh['address']);
    const privateAddress = scalarOf(host['privateAddress']);
    const flags = labelsAndTaints(host, left);
    for (const [key, value] of Object.entries(host))
      if (!/^(?:role|ssh|openSSH|hostname|privateAddress|installFlags|noTaints)$/.test(key))
        left.push(`${key}: ${JSON.stringify(value)}`);
    return {
      role,
      options: {
        ...(role === 'server' && host === servers[0] && servers.length > 1 ? { 'cluster-init': true } : {}),
        ...(named === undefined ? {} : { 'node-name': named }),
        ...(privateAddress === undefined ? {} : { 'node-ip': [privateAddress] }),
        // A controller that is no worker, too, runs no workloads.
        ...(host['role'] === 'controller'
          ? { 'node-taint': ['CriticalAddonsOnly=true:NoExecute', ...flags.taints] }
          : flags.taints.length > 0
            ? { 'node-taint': flags.taints }
            : {}),
        ...(flags.labels.length > 0 ? { 'node-label': flags.labels } : {}),
      },
      env: {},
      ssh: login(ssh),
      notes: [],
      ...(address === undefined ? {} : { host: address }),
      ...(name === undefined ? {} : { clusterName: name }),
    };
  });
  const rest = Object.entries(spec).filter(([key]) => key !== 'hosts');
  return {
    commands,
    notes: [
      'k0s is another Kubernetes than K3s: hosts, logins, labels and taints of the k0sctl file were taken over, its version and configuration were not.',
      ...(left.length + rest.length === 0
        ? []
        : [`Left out: ${quotedList([...left, ...rest.map(([key, value]) => `${key}: ${JSON.stringify(value)}`)])}.`]),
    ],
  };
}

function roleOf(host: Data): NodeRole {
  return /^(?:controller|single)/.test(scalarOf(host['role']) ?? '') ? 'server' : 'agent';
}

function labelsAndTaints(
  host: Data,
  left: string[],
): { readonly labels: readonly string[]; readonly taints: readonly string[] } {
  const labels: string[] = [];
  const taints: string[] = [];
  for (const word of listOf(host['installFlags']).flatMap((flag) => splitArguments(scalarOf(flag) ?? ''))) {
    const [, kind, value = ''] = /^--(labels|taints)=(.*)$/s.exec(word) ?? [];
    if (kind === undefined) left.push(word);
    else (kind === 'labels' ? labels : taints).push(...value.split(','));
  }
  return { labels, taints };
}

function login(ssh: Data): Login {
  const user = scalarOf(ssh['user']);
  const port = Number(scalarOf(ssh['port']) ?? 22);
  const key = scalarOf(ssh['keyPath']);
  const bastion = recordOf(ssh['bastion']);
  const jump = scalarOf(bastion?.['address']);
  const jumpUser = scalarOf(bastion?.['user']);
  return {
    user: user ?? 'root',
    ...(port === 22 || Number.isNaN(port) ? {} : { port }),
    ...(key === undefined ? {} : { identityFile: key }),
    ...(jump === undefined ? {} : { proxyJump: `${jumpUser === undefined ? '' : `${jumpUser}@`}${jump}` }),
  };
}
