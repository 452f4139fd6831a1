import type { Path } from '../../base/path';
import type { DatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import type { ClusterDocument } from '../../document/clusterDocument';
import type { Cluster } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import type { Place } from './places';
import { execArguments, hasVariable } from './installer';
import { firstPlace, optionPaths, serverListPlace, value, writtenOptions } from './places';
import { valueAt } from './read';
import { scalarText } from '../../cluster/configValue';
import { writtenText } from '../../cluster/written';

type DatastorePlace = 'sqlite' | 'embedded-etcd' | 'external';

/** Whether the data is in a file, in etcd of the servers, or in something that they share. */
export function datastoreKind({ datastore: { type } }: Cluster): DatastorePlace {
  return type === 'sqlite' || type === 'embedded-etcd' ? type : 'external';
}

/** Whether one place of the file gives all machines a token. */
export function tokenForAll(cluster: Cluster): boolean {
  return (
    cluster.token !== undefined ||
    hasVariable(cluster, 'K3S_TOKEN', 'K3S_TOKEN_FILE') ||
    execArguments(cluster, ['token', 'token-file']).length > 0
  );
}

/** Whether every server is told a token by the file. */
export function hasToken(cluster: Cluster): boolean {
  if (tokenForAll(cluster)) return true;
  return cluster.servers.every(
    (server) => writtenText(server, 'token') !== undefined || writtenText(server, 'token-file') !== undefined,
  );
}

/** Where the choice of the datastore is written, or else the list of servers. */
export function datastorePlace(context: RuleContext): Place {
  const { document, cluster } = context;
  const option = cluster.servers.flatMap((server) => optionPaths(context, server, 'datastore-endpoint'));
  const candidates: readonly Path[] = [
    ['datastore', 'type'],
    ['datastore', 'endpoint'],
    ...option,
    ['k3s', 'install', 'env', 'K3S_DATASTORE_ENDPOINT'],
    ...(cluster.datastore.path === undefined ? [] : [cluster.datastore.path]),
  ];
  const found = candidates.find((path) => document.rangeOf(path, 'value') !== undefined);
  return found === undefined ? serverListPlace(document) : firstPlace(document, value(found));
}

/** A datastore endpoint as written somewhere in the file. */
export interface WrittenEndpoint {
  readonly text: string;
  readonly path: Path;
  readonly parsed: DatastoreEndpoint;
}

// A dozen rules ask for the same list, at every keystroke; it depends on nothing but the file.
const endpointsOfFile = new WeakMap<ClusterDocument, readonly WrittenEndpoint[]>();

/** Every datastore endpoint in the file. */
export function writtenEndpoints(context: RuleContext): readonly WrittenEndpoint[] {
  const known = endpointsOfFile.get(context.document);
  if (known !== undefined) return known;
  const endpoints = readEndpoints(context);
  endpointsOfFile.set(context.document, endpoints);
  return endpoints;
}

function readEndpoints(context: RuleContext): readonly WrittenEndpoint[] {
  const { cluster } = context;
  const found: { text: string | undefined; path: Path }[] = [
    { text: scalarText(valueAt(context.document.data, ['datastore', 'endpoint'])), path: ['datastore', 'endpoint'] },
    {
      text: cluster.k3s.install.env['K3S_DATASTORE_ENDPOINT'],
      path: ['k3s', 'install', 'env', 'K3S_DATASTORE_ENDPOINT'],
    },
    ...writtenOptions(context)
      .filter((option) => option.role === 'server' && option.name === 'datastore-endpoint')
      .map((option) => ({ text: scalarText(option.value), path: option.path })),
  ];
  return found.flatMap(({ text, path }) =>
    text === undefined || text.trim() === '' ? [] : [{ text, path, parsed: parseDatastoreEndpoint(text) }],
  );
}
