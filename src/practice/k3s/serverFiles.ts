import { createHash } from 'node:crypto';
import { parseCidr } from '../../core/k3s/cidr';
import type { PracticeHost } from '../machine/host';
import { fullToken, type K3sCluster, type ServerRun } from './cluster';
import type { K3sConfig } from './config';
import { dataDirOf } from './run';

/** Files that mark a certificate authority of its own on a host; K3s compares them with the datastore. */
export const CA_FILES = ['tls/server-ca.crt', 'tls/server-ca.key', 'tls/client-ca.crt', 'tls/client-ca.key'] as const;

/** Writes the cluster's authorities and tokens to a server's disk. */
export function writeClusterFiles(host: PracticeHost, config: K3sConfig, cluster: K3sCluster): void {
  const folder = `${dataDirOf(config)}/server`;
  const { serverCa, clientCa } = cluster.certificates;
  const secret = { mode: 0o600 };
  host.files.write(`${folder}/tls/server-ca.crt`, serverCa.certificate);
  host.files.write(`${folder}/tls/server-ca.key`, serverCa.key, secret);
  host.files.write(`${folder}/tls/client-ca.crt`, clientCa.certificate);
  host.files.write(`${folder}/tls/client-ca.key`, clientCa.key, secret);
  writeTokens(host, config, cluster);
}

/** Writes the tokens of the cluster, as a server that takes them from its datastore. */
export function writeTokens(host: PracticeHost, config: K3sConfig, cluster: K3sCluster): void {
  const folder = `${dataDirOf(config)}/server`;
  const secret = { mode: 0o600 };
  host.files.write(`${folder}/token`, `${fullToken(cluster, 'server')}\n`, secret);
  host.files.link(`${folder}/node-token`, `${folder}/token`);
  if (cluster.agentPassword === cluster.password) host.files.link(`${folder}/agent-token`, `${folder}/token`);
  else host.files.write(`${folder}/agent-token`, `${fullToken(cluster, 'node')}\n`, secret);
  host.files.write(
    `${folder}/cred/passwd`,
    `${cluster.agentPassword},node,node,k3s:agent\n${cluster.password},server,server,k3s:server\n`,
    secret,
  );
}

/** Key of a name in that list: a colon cannot stand in one. https://github.com/rancher/dynamiclistener */
function nameAnnotation(name: string): string {
  const key = `listener.cattle.io/cn-${name}`;
  if (!key.includes(':')) return key;
  return `${key.replaceAll(':', '_')}-${createHash('sha256').update(key).digest('hex').slice(0, 6)}`;
}

/** Writes the serving certificate with the list of its names, as K3s caches it. */
export async function writeServing(server: ServerRun, modified?: number): Promise<void> {
  const pair = await server.cluster.serving?.pair;
  const annotations = Object.fromEntries([...server.cluster.names].map((name) => [nameAnnotation(name), name]));
  const secret = {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: 'k3s-serving', namespace: 'kube-system', annotations },
    data: { 'tls.crt': Buffer.from(pair?.certificate ?? '').toString('base64') },
    type: 'kubernetes.io/tls',
  };
  server.host.files.write(`${dataDirOf(server.config)}/server/tls/dynamic-cert.json`, JSON.stringify(secret), {
    mode: 0o600,
    ...(modified === undefined ? {} : { modified }),
  });
}

/** Whether the server has an API server of its own. */
export function hasApi(config: K3sConfig): boolean {
  return !config.flag('disable-apiserver');
}

/** Port on loopback where a server or agent reaches the API of the others. */
const BALANCER_PORT = 6444;

/** Writes the servers that agents, and servers without an API server, know of. */
export function writeBalancerState(host: PracticeHost, config: K3sConfig, cluster: K3sCluster): void {
  const servers = [...cluster.servers]
    .filter((server) => server.apiUp)
    .map((server) => `${server.advertise}:${server.port}`);
  const state = { ServerURL: config.text('server') ?? '', ServerAddresses: servers };
  host.files.write(balancerState(config), JSON.stringify(state, undefined, 2), { mode: 0o600, meaning: cluster });
}

/** Where they are kept. */
export function balancerState(config: K3sConfig): string {
  return `${dataDirOf(config)}/agent/etc/k3s-agent-load-balancer.json`;
}

/** Writes /etc/rancher/k3s/k3s.yaml and gives the path that K3s logs. */
export function writeKubeconfig({ host, config, cluster, port: own }: ServerRun): string {
  const port = hasApi(config) ? own : BALANCER_PORT;
  const standard = '/etc/rancher/k3s/k3s.yaml';
  const path = config.text('write-kubeconfig') ?? standard;
  const mode = Number.parseInt(config.text('write-kubeconfig-mode') ?? '600', 8);
  host.files.write(path, kubeconfig(cluster, `https://${config.text('bind-address') ?? '127.0.0.1'}:${port}`), {
    mode: Number.isNaN(mode) ? 0o600 : mode,
  });
  if (path !== standard) host.files.link(standard, path);
  return path;
}

/** kubeconfig of the cluster's administrator for one address. */
function kubeconfig(cluster: K3sCluster, server: string): string {
  const { serverCa, admin } = cluster.certificates;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(serverCa.certificate)}
    server: ${server}
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
users:
- name: default
  user:
    client-certificate-data: ${base64(admin.certificate)}
    client-key-data: ${base64(admin.key)}
`;
}

/** Names and addresses that K3s puts into the serving certificate by itself, and the configured ones. */
export function servingNames(host: PracticeHost, config: K3sConfig, nodeName: string, advertise: string): string[] {
  const domain = config.text('cluster-domain') ?? 'cluster.local';
  const nodeIps = config.list('node-ip').length > 0 ? config.list('node-ip') : [host.addresses[0]];
  return [
    ...['127.0.0.1', '::1', 'localhost', nodeName, nodeName.split('.')[0] ?? nodeName],
    ...nodeIps,
    ...config.list('node-external-ip'),
    advertise,
    firstAddress(config.list('service-cidr')[0] ?? '10.43.0.0/16'),
    ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${domain}`],
    ...config.list('tls-san'),
  ];
}

/** First usable address of a network: the Service `kubernetes` gets it. */
function firstAddress(cidr: string): string {
  const parsed = parseCidr(cidr);
  if (parsed === undefined) return '10.43.0.1';
  const value = parsed.base + 1n;
  if (parsed.family === 6) return (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}
