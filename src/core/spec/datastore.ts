import type { Path } from '../base/path';
import type { ClusterNode, Datastore, DatastoreType } from './cluster';
import { asArray, asRecord, asText, compact, oneOf } from './shape';

const TYPES: readonly DatastoreType[] = ['embedded-etcd', 'mysql', 'postgres', 'etcd', 'nats', 'sqlite'];

const SCHEMES: Readonly<Record<string, DatastoreType>> = {
  mysql: 'mysql', postgres: 'postgres', postgresql: 'postgres', nats: 'nats', jetstream: 'nats', sqlite: 'sqlite',
  http: 'etcd', https: 'etcd', unix: 'etcd', unixs: 'etcd',
};

/**
 * Where the cluster keeps its data, decided as K3s does: an explicit choice, else the scheme of an endpoint, else
 * embedded etcd when a server has `cluster-init`, else SQLite.
 */
export function readDatastore(data: unknown, serversData: unknown, servers: readonly ClusterNode[]): Datastore {
  const block = asRecord(data);
  const explicit = oneOf(block['type'], TYPES);
  const endpoint = asText(block['endpoint']);
  const files = compact({ caFile: asText(block['caFile']), certFile: asText(block['certFile']), keyFile: asText(block['keyFile']) });
  const configs = serverConfigs(serversData);
  const inConfig = configs.find(({ config }) => asText(config['datastore-endpoint']) !== undefined);
  const configured = asText(inConfig?.config['datastore-endpoint']);
  if (explicit !== undefined) return { type: explicit, ...configFiles(servers), ...compact({ endpoint: endpoint ?? configured }), ...files, path: ['datastore', 'type'] };
  if (endpoint !== undefined) return { type: typeOf(endpoint), endpoint, ...configFiles(servers), ...files, path: ['datastore', 'endpoint'] };
  if (inConfig !== undefined && configured !== undefined) return { type: typeOf(configured), endpoint: configured, ...configFiles(servers), path: [...inConfig.path, 'datastore-endpoint'] };
  const init = configs.find(({ config }) => config['cluster-init'] === true || config['cluster-init'] === 'true');
  return init === undefined ? { type: 'sqlite' } : { type: 'embedded-etcd', path: [...init.path, 'cluster-init'] };
}

/** The `config:` blocks of servers as written, with the place of each. */
function serverConfigs(serversData: unknown): { readonly config: Readonly<Record<string, unknown>>; readonly path: Path }[] {
  const group = asRecord(serversData);
  const own = asArray(group['nodes']).map((node, index) => ({ config: asRecord(asRecord(node)['config']), path: ['servers', 'nodes', index, 'config'] }));
  return [{ config: asRecord(group['config']), path: ['servers', 'config'] }, ...own];
}

/** An endpoint that is wholly a secret tells no scheme; an SQL database is by far the likeliest. */
function typeOf(endpoint: string): DatastoreType {
  const scheme = /^([a-z0-9]+):\/\//.exec(endpoint)?.[1];
  return (scheme === undefined ? undefined : SCHEMES[scheme]) ?? 'mysql';
}

function configFiles(servers: readonly ClusterNode[]): { caFile?: string; certFile?: string; keyFile?: string } {
  const config = servers[0]?.config ?? {};
  return compact({ caFile: asText(config['datastore-cafile']), certFile: asText(config['datastore-certfile']), keyFile: asText(config['datastore-keyfile']) });
}
