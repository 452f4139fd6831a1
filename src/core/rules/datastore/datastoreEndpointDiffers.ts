import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { formatPath } from '../../base/path';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import type { WrittenEndpoint } from '../reading/datastore';
import { writtenEndpoints } from '../reading/datastore';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { removeOption } from '../reading/optionEdits';
import { firstPlace, optionPaths, samePath, value, writtenOptions } from '../reading/places';
import { isMap, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabel, nodeLabels } from '../reading/words';
import { createDatabaseIndex, databaseOf, type Database } from '../reading/database';

export const datastoreEndpointDiffers = defineRule({
  id: 'datastore-endpoint-differs',
  severity: 'error',
  title: later`The servers do not share one database`,
  rationale: `With an external datastore, the servers are one cluster for the sole reason that they use the same database. A server with another host, port or database name starts a cluster of its own, with its own nodes, certificates and workloads, and nothing reports it. Give the endpoint once for all servers.

User, password and parameters may differ. For an external etcd the servers may also list different members of the same cluster.`,
  sources: [SOURCES.ha, SOURCES.serverOptions],
  check: (context) => {
    const [most, ...others] = groupsOf(context);
    if (most === undefined) return [];
    return others.map(({ endpoint, servers, database }): Report => ({
      ...firstPlace(context.document, value(endpoint.path)),
      message: say`${nodeLabels(servers)} ${servers.length === 1 ? 'uses' : 'use'} ${database.label}, but ${nodeLabels(most.servers)} ${most.servers.length === 1 ? 'uses' : 'use'} ${most.database.label}: servers with different databases are separate clusters that know nothing of each other.`,
      related: [
        {
          ...firstPlace(context.document, value(most.endpoint.path)),
          message: say`The database of ${nodeLabels(most.servers)}.`,
        },
      ],
    }));
  },
  fix: (context): readonly Fix[] =>
    groupsOf(context).map((group) => ({
      title: say`Use the database of ${group.servers[0] === undefined ? say`most servers` : nodeLabel(group.servers[0])} on all servers (${group.database.label})`,
      edits: shareEndpoint(context, group.endpoint),
      safe: false,
    })),
});

interface Group {
  readonly database: Database;
  readonly endpoint: WrittenEndpoint;
  readonly servers: readonly ClusterNode[];
}

/** The servers by the database they use, most servers first; those whose database cannot be told are left out. */
function groupsOf(context: RuleContext): readonly Group[] {
  const groups: { database: Database; endpoint: WrittenEndpoint; servers: ClusterNode[] }[] = [];
  if (writtenEndpoints(context).length < 2) return [];
  const written = new Map(writtenEndpoints(context).map((endpoint) => [formatPath(endpoint.path), endpoint]));
  const byText = new Map<string, (typeof groups)[number]>();
  const index = createDatabaseIndex<(typeof groups)[number]>();
  for (const server of context.cluster.servers) {
    const endpoint = endpointFor(context, server, written);
    const database = endpoint === undefined ? undefined : databaseOf(endpoint, server);
    if (endpoint === undefined || database === undefined) continue;
    const same = byText.get(endpoint.text) ?? index.find(database);
    const group = same ?? { database, endpoint, servers: [] };
    if (same === undefined) {
      groups.push(group);
      index.add(database, group);
    }
    byText.set(endpoint.text, group);
    group.servers.push(server);
  }
  return groups.sort((a, b) => b.servers.length - a.servers.length);
}

/** The server's own option, else what the file says for all. */
function endpointFor(
  context: RuleContext,
  server: ClusterNode,
  written: ReadonlyMap<string, WrittenEndpoint>,
): WrittenEndpoint | undefined {
  const [own] = optionPaths(context, server, 'datastore-endpoint');
  const shared: readonly Path[] = [
    ...(own === undefined ? [] : [own]),
    ['datastore', 'endpoint'],
    ['k3s', 'install', 'env', 'K3S_DATASTORE_ENDPOINT'],
  ];
  for (const path of shared) {
    const found = written.get(formatPath(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Writes the endpoint once for all servers, where it stands for all already or else in the datastore block. */
function shareEndpoint(context: RuleContext, endpoint: WrittenEndpoint) {
  const { document } = context;
  const { path, text, parsed } = endpoint;
  const isShared = path[0] !== 'servers' || path[1] === 'config';
  const options = writtenOptions(context).filter(
    (option) =>
      option.role === 'server' && option.name === 'datastore-endpoint' && !(isShared && samePath(option.path, path)),
  );
  const removals = [...new Map(options.map((option) => [formatPath(option.path), option.path])).values()].map(
    (option) => (current: ClusterDocument) => removeOption(current, option),
  );
  if (isShared) return inSequence(document, ...removals);
  const type = parsed.driver ?? 'mysql';
  const block = valueAt(document.data, ['datastore']);
  const write =
    isMap(block) && block['type'] === type
      ? (current: ClusterDocument) => setValue(current, ['datastore', 'endpoint'], text)
      : (current: ClusterDocument) => setValue(current, ['datastore'], { type, endpoint: text });
  return inSequence(document, ...removals, write);
}
