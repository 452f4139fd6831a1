import { renderScalar } from '../../document/render';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { RELEASES } from '../../k3s/releases';
import { countHosts } from '../../cluster/hostRange';
import { referencePassword } from '../../cluster/endpointSecret';
import type { Addresses, Layout } from './addresses';
import { datastoreOfType } from '../../datastore/registry';
import { layoutKind, type LayoutKind } from './layouts';

/** What the person answers. */
export interface StarterAnswers {
  /** Of the cluster: letters, digits and dashes. */
  readonly name: string;
  readonly layout: Layout;
  readonly addresses: Addresses;
  /** Of the external datastore. */
  readonly endpoint?: string;
  /** Who logs in by SSH; without it the person's configuration of ssh says so. */
  readonly user?: string;
}

export interface Starter {
  readonly text: string;
  /** Secrets of the answers: reference name → value; the text holds the references. */
  readonly storeSecrets: Readonly<Record<string, string>>;
}

/** A commented cluster file that the rules have nothing against. */
export function starterText({ name, layout, addresses, endpoint = '', user = '' }: StarterAnswers): Starter {
  const { fixed, servers, agents } = addresses;
  const kind = layoutKind(layout);
  const storeSecrets: Record<string, string> = {};
  const lines = [
    `# ${kind.title}`,
    ...(kind.brings === undefined ? [] : [`# ${kind.brings}`]),
    'apiVersion: k3s-ha/v1',
    'kind: Cluster',
    'metadata:',
    `  name: ${renderScalar(name, false)}`,
    'k3s:',
    '  # One release for all machines, also for those that come later.',
    `  version: ${RELEASES[0] ?? ''}`,
    ...(kind.install ?? []),
  ];
  if (fixed !== undefined)
    lines.push(
      'loadBalancer:',
      '  # kubectl and agents find the cluster here, whichever server is down.',
      `  address: ${renderScalar(fixed, false)}`,
      ...kind.balancer(addresses),
    );
  if (kind.datastore !== undefined) lines.push('datastore:', `  type: ${kind.datastore}`);
  if (kind.asks !== undefined) lines.push('datastore:', ...datastoreLines(name, endpoint, storeSecrets));
  if (kind.asks === 'etcd') lines.push(...CERTIFICATES);
  lines.push(
    '# The text behind the reference is kept outside this file; you are asked for it once.',
    `token: \${secret:${name}-token}`,
  );
  if (user === '') lines.push('# Who logs in, unless your ssh configuration says so.', '# ssh: {user: ubuntu}');
  else lines.push('ssh:', `  user: ${renderScalar(user, false)}`);
  lines.push('servers:', '  config:');
  if (fixed !== undefined)
    lines.push(
      '    # Without it the certificate of the API is not valid for the fixed address.',
      '    tls-san:',
      `      - ${renderScalar(fixed, false)}`,
    );
  lines.push(
    '    # Secrets are encrypted in the datastore and its backups; best from the first start on.',
    '    secrets-encryption: true',
  );
  if (agents.length > 0)
    lines.push(
      '    # Keeps workloads off the servers.',
      '    node-taint:',
      '      - CriticalAddonsOnly=true:NoExecute',
    );
  lines.push('  nodes:');
  if (kind.expected !== undefined) lines.push(`    ${kind.expected}`);
  lines.push(...nodeLines(servers, 'server'));
  if (agents.length > 0) lines.push('agents:', '  nodes:', ...nodeLines(agents, 'agent'));
  return { text: `${lines.join('\n')}\n`, storeSecrets };
}

const CERTIFICATES = [
  '  # Files beside this one: they go to every server, readable by root alone.',
  '  caFile: ./certs/etcd-ca.crt',
  '  certFile: ./certs/k3s-client.crt',
  '  keyFile: ./certs/k3s-client.key',
];

/** A password in the endpoint becomes a reference. */
function datastoreLines(name: string, endpoint: string, secrets: Record<string, string>): string[] {
  const safe = referencePassword(endpoint, `${name}-db-password`);
  if (safe.password !== undefined) secrets[`${name}-db-password`] = safe.password;
  return [
    `  type: ${parseDatastoreEndpoint(endpoint).driver ?? 'etcd'}`,
    `  endpoint: ${renderScalar(safe.endpoint, false)}`,
  ];
}

function nodeLines(hosts: readonly string[], noun: string): string[] {
  let next = 1;
  return hosts.flatMap((host) => {
    const many = countHosts(host);
    const name = many === 1 ? `${noun}-${next}` : `${noun}-[${next}-${next + many - 1}]`;
    next += many;
    return [`    - host: ${renderScalar(host, false)}`, `      name: ${name}`];
  });
}

/** Why an endpoint cannot be used for a layout, in a sentence; undefined when it can. */
export function endpointProblem(endpoint: string, asks: LayoutKind['asks'] = 'database'): string | undefined {
  const { driver, addresses, mysql } = parseDatastoreEndpoint(endpoint.trim());
  if (asks === 'etcd' && !/^https:\/\//.test(endpoint.trim()))
    return 'Begin with https://, as the members of etcd are reached with certificates: https://etcd-1:2379,https://etcd-2:2379,…';
  if (driver === undefined || driver === 'other' || datastoreOfType(driver).home === 'servers')
    return 'Begin with mysql://, postgres://, nats:// or, for etcd, https://.';
  if (mysql !== undefined && mysql.network !== 'tcp')
    return 'The address of MySQL stands in tcp(…): mysql://user:password@tcp(host:3306)/k3s';
  return addresses.length === 0 ? 'The endpoint names no host.' : undefined;
}

/** Why nobody can log in by that name, in a sentence; undefined for a name, and where ssh is to decide. */
export function userProblem(user: string): string | undefined {
  return user === '' || /^[a-z_][\w.-]*\$?$/i.test(user)
    ? undefined
    : 'Type the name of a user of the machines, such as ubuntu or root.';
}

/** A name for the cluster from that of a folder. */
export function clusterName(folder: string | undefined): string {
  const name = (folder ?? '')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' || /^\d+$/.test(name) ? 'edge' : name;
}

/** A name that no cluster has yet: `edge`, else `edge-2` and so on. Contexts of kubectl and secrets are named after it. */
export function freeName(name: string, taken: readonly string[]): string {
  const known = new Set(taken);
  for (let i = 1; ; i += 1) {
    const candidate = i === 1 ? name : `${name}-${i}`;
    if (!known.has(candidate)) return candidate;
  }
}
