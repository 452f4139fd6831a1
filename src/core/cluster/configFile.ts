import type { Cluster, ClusterNode, ConfigValue } from './cluster';
import { registrationUrl, serverUrl } from './registration';
import { stringifyForGo } from '../k3s/goYaml';
import { fullToken } from '../k3s/joinToken';

/** How a server with embedded etcd begins: it founds the cluster, or joins through another server, told by its id. */
export type ServerStart = { readonly kind: 'found' } | { readonly kind: 'join'; readonly through: string };

const HEADER =
  '# Written by K3s HA from the cluster file. Change it there: an edit made here is replaced by the next run.\n';

/**
 * The node's /etc/rancher/k3s/config.yaml with references still in it. `start` matters only for servers with embedded
 * etcd and only until etcd has data on disk: from then on K3s ignores cluster-init and server.
 * https://docs.k3s.io/datastore/ha-embedded
 * With `caHash` a node that joins gets the full token, so that it checks the authority at first contact.
 */
export function renderConfig(cluster: Cluster, node: ClusterNode, start: ServerStart, caHash?: string): string {
  return configText(writtenOptions(cluster, node, start, caHash));
}

/** A config.yaml with these options. */
export function configText(options: Readonly<Record<string, ConfigValue>>): string {
  return HEADER + stringifyForGo(options);
}

/** The options as {@link renderConfig} writes them: with the full token where that is known. */
export function writtenOptions(
  cluster: Cluster,
  node: ClusterNode,
  start: ServerStart,
  caHash?: string,
): Readonly<Record<string, ConfigValue>> {
  const options = configOptions(cluster, node, start);
  const { token } = options;
  if (caHash === undefined || !joins(node, start) || typeof token !== 'string') return options;
  // K3s itself names the user so in the tokens that it writes: node-token for the cluster's token, agent-token for another.
  const user = node.role === 'server' || token === cluster.token ? 'server' : 'node';
  return { ...options, token: fullToken(token, caHash, user) };
}

/** Whether a node begins by asking a server with its token: agents, and servers that do not found their etcd. */
export function joins(node: ClusterNode, start: ServerStart): boolean {
  return node.role === 'agent' || start.kind === 'join';
}

/** The options of a config.yaml, in the order of the file. */
export function configOptions(
  cluster: Cluster,
  node: ClusterNode,
  start: ServerStart,
): Readonly<Record<string, ConfigValue>> {
  const config: Record<string, ConfigValue> = {};
  const put = (key: string, value: ConfigValue | undefined): void => {
    if (value !== undefined) config[key] = value;
  };
  if (node.config['token-file'] === undefined) put('token', cluster.token);
  if (node.role === 'server') {
    const { datastore } = cluster;
    if (datastore.type === 'embedded-etcd') {
      if (start.kind === 'found') put('cluster-init', true);
      else put('server', joinUrl(cluster, start.through));
    } else {
      if (datastore.byInstaller !== true) put('datastore-endpoint', datastore.endpoint);
      put('datastore-cafile', datastore.caFile);
      put('datastore-certfile', datastore.certFile);
      put('datastore-keyfile', datastore.keyFile);
    }
  } else {
    put('server', registrationUrl(cluster));
  }
  put('node-name', node.name);
  return Object.assign(config, node.config);
}

function joinUrl(cluster: Cluster, id: string): string | undefined {
  const server = cluster.servers.find((candidate) => candidate.id === id);
  return server === undefined ? undefined : serverUrl(cluster, server);
}
