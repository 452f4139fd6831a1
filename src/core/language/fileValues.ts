import { said, say } from '../base/say';
import type { Path } from '../base/path';
import { CHANNELS, RELEASES } from '../k3s/releases';
import { listReferences } from '../cluster/references';
import type { Cluster, ClusterMachine } from '../cluster/cluster';
import { registrationUrl, serverUrl } from '../cluster/registration';
import { DATASTORES } from '../datastore/registry';
import { machinesOf, nodesOf } from '../cluster/roles';
import { writtenList } from '../cluster/written';

/** A value that the file itself suggests for a place. */
export interface FileValue {
  readonly value: string;
  /** Where it comes from. */
  readonly detail: string;
}

/** What surrounds the cursor. */
export interface FileContext {
  readonly cluster: Cluster;
  readonly text: string;
  readonly releases?: readonly string[];
  /** Names of secrets that are stored already. */
  readonly secretNames?: readonly string[];
}

type Suggest = (context: FileContext, path: Path) => readonly FileValue[];

const PLAIN_TAINTS = ['CriticalAddonsOnly=true:NoExecute'];

/** By key, whether it holds one value or a list. */
const BY_KEY: Readonly<Record<string, Suggest>> = {
  'tls-san': sanValues,
  host: hostValues,
  zone: zoneValues,
  server: ({ cluster }) => [
    ...(cluster.loadBalancer === undefined
      ? []
      : [{ value: registrationUrl(cluster) ?? '', detail: say`the fixed address` }]),
    ...cluster.servers.map((server) => ({ value: serverUrl(cluster, server), detail: label(server) })),
  ],
  nodes: ({ cluster }, path) =>
    path[0] === 'loadBalancer' ? cluster.servers.map((server) => ({ value: server.host, detail: label(server) })) : [],
  address: ({ cluster }, path) =>
    path[0] === 'loadBalancer'
      ? unique(
          cluster.servers.flatMap((server) =>
            writtenList(server, 'tls-san').map((value) => ({ value, detail: say`in tls-san of the servers` })),
          ),
        )
      : [],
  version: ({ releases = RELEASES }, path) =>
    path[0] === 'k3s'
      ? releases.map((value, index) => ({
          value,
          detail: index === 0 ? say`stable release` : say`newest patch of its minor version`,
        }))
      : [],
  channel: (_context, path) =>
    path[0] === 'k3s' ? CHANNELS.map((value) => ({ value, detail: say`release channel` })) : [],
  endpoint: endpointValues,
  'datastore-endpoint': endpointValues,
  token: (context) => secretValues(context, 'token'),
  'agent-token': (context) => secretValues(context, 'agent-token'),
  password: (context, path) => (path.includes('ssh') ? secretValues(context, 'ssh-password') : []),
  passphrase: (context) => secretValues(context, 'ssh-passphrase'),
  sudoPassword: (context) => secretValues(context, 'sudo-password'),
  'etcd-s3-access-key': (context) => secretValues(context, 's3-access-key'),
  'etcd-s3-secret-key': (context) => secretValues(context, 's3-secret-key'),
  'node-taint': ({ cluster }) =>
    unique([
      ...PLAIN_TAINTS.map((value) => ({ value, detail: say`keeps workloads off the servers` })),
      ...used(cluster, 'node-taint'),
    ]),
  'node-label': ({ cluster }) => unique(used(cluster, 'node-label')),
  'etcd-snapshot-schedule-cron': () => [
    { value: '0 */12 * * *', detail: say`every twelve hours, the default` },
    { value: '0 */6 * * *', detail: say`every six hours` },
    { value: '0 3 * * *', detail: say`every night at three` },
  ],
};

/** Values for a place that follow from the rest of the file or from what K3s offers, the likeliest first. */
export function fileValues(context: FileContext, path: Path): readonly FileValue[] {
  const key = path.findLast((step) => typeof step === 'string');
  const suggest = typeof key === 'string' && Object.hasOwn(BY_KEY, key) ? BY_KEY[key] : undefined;
  return suggest?.(context, path) ?? [];
}

/** The address behind the last one of the role, alone and as the beginning of a range. */
function hostValues({ cluster }: FileContext, path: Path): readonly FileValue[] {
  if (path[1] !== 'nodes') return [];
  const taken = new Set(machinesOf(cluster).flatMap(({ host, address }) => [host, address]));
  const alike =
    path[0] === 'servers'
      ? cluster.servers
      : path[0] === 'agents'
        ? cluster.agents
        : (cluster.loadBalancer?.nodes ?? []);
  const last = alike.map(({ host }) => /^((?:\d{1,3}\.){3})(\d{1,3})$/.exec(host)).findLast((match) => match !== null);
  if (last === undefined || last === null) return [];
  const [, network = '', number = ''] = last;
  let next = Number(number) + 1;
  while (taken.has(`${network}${next}`)) next += 1;
  if (next > 252) return [];
  return [
    { value: `${network}${next}`, detail: say`the next address after ${network}${number}` },
    { value: `${network}[${next}-${next + 2}]`, detail: say`three hosts in one line` },
  ];
}

function zoneValues({ cluster }: FileContext): readonly FileValue[] {
  const zones = new Map<string, ClusterMachine[]>();
  for (const node of machinesOf(cluster)) {
    if (node.zone === undefined) continue;
    const members = zones.get(node.zone);
    if (members === undefined) zones.set(node.zone, [node]);
    else members.push(node);
  }
  return [...zones].map(([value, members]) => ({ value, detail: say`zone of ${labels(members)}` }));
}

function sanValues({ cluster }: FileContext): readonly FileValue[] {
  const balancer = cluster.loadBalancer;
  const found: FileValue[] = [];
  if (balancer?.tlsServerName !== undefined)
    found.push({ value: balancer.tlsServerName, detail: say`the name that clients verify` });
  if (balancer !== undefined) found.push({ value: balancer.address, detail: say`the load balancer` });
  for (const server of cluster.servers)
    for (const value of writtenList(server, 'node-external-ip'))
      found.push({ value, detail: say`public address of ${label(server)}` });
  for (const { host } of balancer?.nodes ?? []) found.push({ value: host, detail: say`host of the load balancer` });
  return unique(found.filter(({ value }) => listReferences(value).length === 0));
}

function endpointValues({ cluster }: FileContext): readonly FileValue[] {
  const password = `\${secret:${cluster.name === '' ? 'cluster' : cluster.name}-db-password}`;
  const offered = DATASTORES.flatMap(({ type, template }) =>
    template === undefined ? [] : [{ type, ...template(password) }],
  );
  const fitting = offered.filter(({ type }) => type === cluster.datastore.type);
  return (fitting.length > 0 ? fitting : offered).map(({ endpoint, label }) => ({
    value: endpoint,
    detail: said(label),
  }));
}

/** Secrets that the file or the store knows, and the name that a new one would get. */
function secretValues({ cluster, text, secretNames = [] }: FileContext, purpose: string): readonly FileValue[] {
  const fresh = `${cluster.name === '' ? 'cluster' : cluster.name}-${purpose}`;
  const inFile = listReferences(text)
    .filter(({ kind }) => kind === 'secret')
    .map(({ name }) => name);
  return unique([
    ...[fresh, ...inFile]
      .filter((name, index) => index > 0 || inFile.includes(name) || secretNames.includes(name))
      .map((name) => ({
        value: `\${secret:${name}}`,
        detail: inFile.includes(name) ? say`used in this file` : say`stored secret`,
      })),
    ...secretNames.map((name) => ({ value: `\${secret:${name}}`, detail: say`stored secret` })),
    { value: `\${secret:${fresh}}`, detail: say`a new secret` },
  ]);
}

function used(cluster: Cluster, option: string): readonly FileValue[] {
  return nodesOf(cluster).flatMap((node) =>
    writtenList(node, option).map((value) => ({ value, detail: say`used in this file` })),
  );
}

function label(node: ClusterMachine): string {
  return node.name ?? node.host;
}

function labels(nodes: readonly ClusterMachine[]): string {
  const [first] = nodes;
  return first === undefined
    ? ''
    : nodes.length === 1
      ? label(first)
      : say`${label(first)} and ${nodes.length - 1} more`;
}

function unique(values: readonly FileValue[]): readonly FileValue[] {
  return [...new Map([...values].reverse().map((value) => [value.value, value])).values()].reverse();
}
