import { listed } from '../../base/words';
import type { ConfigValue } from '../../cluster/cluster';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { datastoreOfType } from '../../datastore/registry';
import { optionFacts } from '../../k3s/options';
import type { EtcdView } from '../../remote/etcd';
import { shownEndpoints } from '../../topology/endpoints';
import { plainOption } from './hostOptions';
import { hostOf, type SeenCluster, type SeenHost, type SeenNode } from './seenCluster';
import { sameValue } from './sharedOptions';

interface SeenServer extends SeenNode {
  readonly seen: SeenHost;
}

/** What the servers of one cluster must have alike and do not: options, the place of their data, their token. Names each with what it has. */
export function disagreements(
  cluster: SeenCluster,
  options: ReadonlyMap<SeenNode, ReadonlyMap<string, ConfigValue>>,
): string[] {
  const servers = serversOf(cluster);
  const names = new Set(servers.flatMap((server) => [...(options.get(server)?.keys() ?? [])]));
  const differing = [...names].filter(
    (name) =>
      optionFacts(name)?.critical === true &&
      servers.some(
        (server) => !sameValue(options.get(server)?.get(name), options.get(servers[0] as SeenNode)?.get(name)),
      ),
  );
  const stores = groups(servers, storeOf);
  const tokens = groups(servers, ({ seen }) => seen.facts.tokenSha256);
  return [
    ...differing.map((name) => {
      const says = servers.map((server) => {
        const value = options.get(server)?.get(name);
        return `${server.name} has ${value === undefined ? 'none' : JSON.stringify(value)}`;
      });
      return `The servers disagree about ${name}, which all of them must have alike: ${listed(says)}. The file says what each one has; make them equal.`;
    }),
    ...(stores.length > 1
      ? [
          `The servers do not all keep their data in the same place: ${listed(stores.map(({ servers: some }) => `${listed(some)} in ${placeOf(servers, some)}`))}. The file says what the first one does; look at the datastore of each before anything is applied.`,
        ]
      : []),
    ...(tokens.length > 1
      ? [
          `The servers do not all have the same token: ${listed(tokens.map(({ servers: some }, at) => `${listed(some)} ${some.length === 1 ? 'has' : 'have'} ${at === 0 ? 'one' : 'another'}`))}. A server that was told another one will not start again. The file has that of the server that was asked.`,
        ]
      : []),
  ];
}

/** What the servers with embedded etcd tell of its members, where they do not say the same or nothing. */
export function memberNotes(cluster: SeenCluster): string[] {
  const servers = serversOf(cluster);
  const told = servers.flatMap(({ name, seen: { etcd } }) =>
    etcd === undefined || !('members' in etcd) ? [] : [{ name, etcd }],
  );
  const lists = groups(told, ({ etcd }) => membersOf(etcd).join());
  const says = lists.map(
    ({ key, servers: some }) => `${listed(some)} ${some.length === 1 ? 'has' : 'have'} ${listed(key.split(','))}`,
  );
  return [
    ...servers.flatMap(({ name, seen: { etcd } }) =>
      etcd === undefined || 'members' in etcd
        ? []
        : [`etcd of ${name} does not tell its members: ${etcd.why ?? etcd.message}. See the journal of K3s there.`],
    ),
    ...(lists.length > 1
      ? [
          `The servers do not have the same list of members of etcd: ${listed(says)}. They are not one cluster any more, and what is written to one part does not reach the other. Apply nothing: find out which part has the data that counts, and have the servers of the other one join it anew.`,
        ]
      : []),
    ...told.flatMap(({ name, etcd }) =>
      etcd.healthy
        ? []
        : [`etcd of ${name} is not healthy: ${etcd.why ?? 'no reason given'}. See the journal of K3s there.`],
    ),
  ];
}

function serversOf({ nodes }: SeenCluster): readonly SeenServer[] {
  return nodes.filter((node): node is SeenServer => node.role === 'server' && hostOf(node) !== undefined);
}

function membersOf({ members }: EtcdView): readonly string[] {
  return members.map(({ name, nodeName, id }) => (name === '' ? `the unnamed member ${id}` : nodeName)).sort();
}

/** Names by what they have in common; those for whom that is unknown are left out. */
function groups<T extends { readonly name: string }>(
  all: readonly T[],
  keyOf: (one: T) => string | undefined,
): readonly { readonly key: string; readonly servers: readonly string[] }[] {
  const found = new Map<string, string[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), one.name]);
  }
  return [...found].map(([key, servers]) => ({ key, servers }));
}

/** Tells places of data apart; holds passwords. */
function storeOf({ seen: { facts } }: SeenServer): string {
  return facts.etcdData ? 'embedded-etcd' : (plainOption(facts, 'server', 'datastore-endpoint') ?? 'sqlite');
}

/** The place of the data of these servers as it may be shown. */
function placeOf(servers: readonly SeenServer[], names: readonly string[]): string {
  const one = servers.find(({ name }) => name === names[0]);
  const store = one === undefined ? 'sqlite' : storeOf(one);
  const { driver } = parseDatastoreEndpoint(store);
  if (store === 'embedded-etcd' || store === 'sqlite') return datastoreOfType(store).label;
  if (driver === undefined || driver === 'other') return 'a datastore of a kind that is not known here';
  const addresses = shownEndpoints({ type: driver, endpoint: store }).flatMap(({ address }) => address ?? []);
  return `${datastoreOfType(driver).label}${addresses.length === 0 ? '' : ` at ${listed(addresses)}`}`;
}
