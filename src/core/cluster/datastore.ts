import type { Path } from '../base/path';
import type { DatastoreType } from '../datastore/kind';
import { DATASTORES, datastoreOfScheme, datastoreOfType } from '../datastore/registry';
import type { Cluster, ClusterNode, Datastore } from './cluster';
import { datastoreFiles } from './datastoreFiles';
import { isOn, option } from './options';
import { readConfig } from './nodeConfig';
import { asArray, asRecord, asText, compact, oneOf } from './shape';

/**
 * Where the cluster keeps its data, decided as K3s does by what reaches it. An endpoint wins, and its scheme tells the kind:
 * one in `INSTALL_K3S_EXEC`, in `config:` of a server, under `datastore:`, or in `K3S_DATASTORE_ENDPOINT` of `install.env`,
 * in this order. Without any, `cluster-init` means embedded etcd, whatever `datastore.type` says; then the type
 * counts, then SQLite. An endpoint beside `type: embedded-etcd` is not given to K3s and decides nothing.
 * https://github.com/k3s-io/k3s/blob/main/pkg/cluster/managed.go
 */
export function readDatastore(
  data: unknown,
  serversData: unknown,
  nodes: readonly ClusterNode[],
  k3s: Cluster['k3s'],
): Datastore {
  // A file without servers yet may already say what they will be told.
  const servers: Told =
    nodes.length === 0 ? [{ role: 'server', config: readConfig(asRecord(serversData)['config']) }] : nodes;
  const block = asRecord(data);
  const explicit = oneOf(block['type'], TYPES);
  const found = decision('datastore-endpoint', (value) => asText(value) !== undefined, servers, k3s);
  const own = explicit === 'embedded-etcd' ? undefined : asText(block['endpoint']);
  // What stands under `datastore:` is written into config.yaml, and that wins over the environment alone.
  const isOwn = own !== undefined && (found === undefined || found.from === 'environment');
  const endpoint = isOwn ? own : asText(found?.value);
  if (endpoint === undefined) return withoutEndpoint(explicit, serversData, servers, k3s);
  // An endpoint that is wholly a secret tells no scheme; an SQL database is by far the likeliest.
  const type =
    typeOf(endpoint) ?? (explicit !== undefined && datastoreOfType(explicit).home === 'outside' ? explicit : 'mysql');
  const place = isOwn ? ['datastore', 'endpoint'] : (found?.path ?? configPath(serversData, 'datastore-endpoint'));
  return {
    type,
    endpoint,
    ...datastoreFiles(
      compact({
        caFile: asText(block['caFile']),
        certFile: asText(block['certFile']),
        keyFile: asText(block['keyFile']),
      }),
      configFiles(servers),
    ),
    ...(isOwn || found?.from === 'config' ? {} : { byInstaller: true }),
    path: type === explicit ? CHOSEN : place,
  };
}

function withoutEndpoint(
  explicit: DatastoreType | undefined,
  serversData: unknown,
  servers: Told,
  k3s: Cluster['k3s'],
): Datastore {
  const init = explicit === 'embedded-etcd' ? undefined : decision('cluster-init', isOn, servers, k3s);
  if (init !== undefined)
    return { type: 'embedded-etcd', path: init.path ?? configPath(serversData, 'cluster-init', isOn) };
  return explicit === undefined ? { type: 'sqlite' } : { type: explicit, path: CHOSEN };
}

/** Servers as far as their options matter. */
type Told = readonly Pick<ClusterNode, 'role' | 'config'>[];

const TYPES: readonly DatastoreType[] = DATASTORES.map(({ type }) => type);
const CHOSEN: Path = ['datastore', 'type'];

/** The option on the first server that is told it; what only the environment says comes last. */
function decision(
  name: string,
  counts: (value: unknown) => boolean,
  servers: Told,
  k3s: Cluster['k3s'],
): ReturnType<typeof option> {
  let last: ReturnType<typeof option>;
  for (const server of servers) {
    const found = option({ k3s }, server, name);
    if (found === undefined || !counts(found.value)) continue;
    if (found.from !== 'environment') return found;
    last ??= found;
  }
  return last;
}

/** Where the `config:` of all servers or of one of them gives the option such a value. */
function configPath(
  serversData: unknown,
  name: string,
  counts = (value: unknown): boolean => asText(value) !== undefined,
): Path {
  const group = asRecord(serversData);
  const own = asArray(group['nodes']).map((node, index) => ({
    config: asRecord(asRecord(node)['config']),
    path: ['servers', 'nodes', index, 'config'],
  }));
  const blocks = [{ config: asRecord(group['config']), path: ['servers', 'config'] as Path }, ...own];
  return [...(blocks.find(({ config }) => counts(config[name]))?.path ?? ['servers', 'config']), name];
}

function typeOf(endpoint: string): DatastoreType | undefined {
  const scheme = /^\s*([a-z0-9]+)\s*:\/\//i.exec(endpoint)?.[1];
  return scheme === undefined ? undefined : datastoreOfScheme(scheme.toLowerCase())?.type;
}

function configFiles(servers: Told): { caFile?: string; certFile?: string; keyFile?: string } {
  const config = servers[0]?.config ?? {};
  return compact({
    caFile: asText(config['datastore-cafile']),
    certFile: asText(config['datastore-certfile']),
    keyFile: asText(config['datastore-keyfile']),
  });
}
