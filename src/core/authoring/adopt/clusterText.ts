import type { ConfigValue } from '../../cluster/cluster';
import { renderKey, renderScalar } from '../../document/render';
import { API_PORT } from '../../cluster/options';
import type { FoundBalancer } from './foundBalancer';
import type { SeenLogin } from './seenCluster';

type Options = ReadonlyMap<string, ConfigValue>;

/** What an adopted cluster file says; secrets are references already. */
export interface ClusterParts {
  readonly name: string;
  readonly version?: string;
  /** Variables of the install script. */
  readonly env: Readonly<Record<string, string>>;
  readonly balancer?: FoundBalancer;
  readonly datastore: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly ssh: SeenLogin;
  readonly servers: Group;
  readonly agents: Group;
}

interface Group {
  readonly config: Options;
  readonly nodes: readonly NodePart[];
}

export interface NodePart {
  readonly host: string;
  readonly name: string;
  readonly zone?: string;
  readonly config: Options;
  /** Nobody looked at the host. */
  readonly unseen: boolean;
}

/** A cluster file. Every text of a host is a YAML scalar, quoted where it has to be, and none is in a comment. */
export function clusterText(parts: ClusterParts): string {
  const { name, version, env, balancer, datastore, token, ssh, servers, agents } = parts;
  const lines = [
    '# Written from the cluster that runs; nothing was changed there.',
    'apiVersion: k3s-ha/v1',
    'kind: Cluster',
    'metadata:',
    `  name: ${renderScalar(name, false)}`,
  ];
  const install = Object.entries(env);
  if (version !== undefined || install.length > 0) lines.push('k3s:');
  if (version !== undefined) lines.push(`  version: ${renderScalar(version, false)}`);
  if (install.length > 0)
    lines.push('  install:', '    env:', ...install.flatMap(([key, value]) => optionLines(key, value, '      ')));
  if (balancer !== undefined) {
    lines.push(
      'loadBalancer:',
      '  # Found in what nodes and kubeconfigs reach the servers by; what stands behind it is left as it is.',
      '  type: external',
      `  address: ${renderScalar(balancer.address, false)}`,
      ...(balancer.port === API_PORT ? [] : [`  port: ${balancer.port}`]),
    );
  }
  if (Object.keys(datastore).length > 0)
    lines.push('datastore:', ...Object.entries(datastore).flatMap(([key, value]) => optionLines(key, value, '  ')));
  if (token !== undefined)
    lines.push('# The text behind a reference is kept outside this file.', ...optionLines('token', token, ''));
  const login = Object.entries(ssh).filter(([, value]) => value !== undefined) as [string, string | number][];
  if (login.length > 0) lines.push('ssh:', ...login.flatMap(([key, value]) => optionLines(key, value, '  ')));
  lines.push('servers:', ...groupLines(servers));
  if (agents.nodes.length > 0) lines.push('agents:', ...groupLines(agents));
  return `${lines.join('\n')}\n`;
}

function groupLines({ config, nodes }: Group): string[] {
  return [
    ...(config.size === 0 ? [] : ['  config:', ...configLines(config, '    ')]),
    '  nodes:',
    ...nodes.flatMap((node) => [
      ...(node.unseen ? ['    # Not reached over SSH: described as Kubernetes tells it.'] : []),
      `    - host: ${renderScalar(node.host, false)}`,
      `      name: ${renderScalar(node.name, false)}`,
      ...(node.zone === undefined ? [] : [`      zone: ${renderScalar(node.zone, false)}`]),
      ...(node.config.size === 0 ? [] : ['      config:', ...configLines(node.config, '        ')]),
    ]),
  ];
}

function configLines(config: Options, indent: string): string[] {
  return [...config].flatMap(([name, value]) => optionLines(name, value, indent));
}

function optionLines(name: string, value: ConfigValue, indent: string): string[] {
  const key = `${indent}${renderKey(name, false)}:`;
  if (value === null || typeof value !== 'object') return [`${key} ${renderScalar(value, false)}`];
  if (value.length === 0) return [`${key} []`];
  return [key, ...value.map((item) => `${indent}  - ${renderScalar(item, false)}`)];
}
