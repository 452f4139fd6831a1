import { referencePassword } from '../../cluster/endpointSecret';
import type { ConfigValue } from '../../cluster/cluster';
import { API_PORT } from '../../cluster/options';
import { listReferences } from '../../cluster/references';
import { httpsUrl } from '../../cluster/registration';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { DATASTORES } from '../../datastore/registry';
import type { HostFacts } from '../../facts/probe';
import { tokenPassword } from '../../k3s/joinToken';
import { compareK3sVersions, parseK3sVersion } from '../../k3s/versions';
import { shownValue } from '../../language/shownValue';
import { adoptionNotes } from './adoptionNotes';
import { clusterText, type NodePart } from './clusterText';
import { foundBalancer, serverUrlOf } from './foundBalancer';
import { hostOptions, plainOption } from './hostOptions';
import { keptSecrets, type KeptSecrets } from './keptSecrets';
import { hostOf, type SeenCluster, type SeenNode } from './seenCluster';
import { shareOptions } from './sharedOptions';

/** A cluster file that describes what runs. */
export interface AdoptedCluster {
  readonly text: string;
  /** Name → value of the secrets that the text refers to. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the file cannot say, and what a person should know before it is used. */
  readonly notes: readonly string[];
}

/** Writes down a running cluster so that there is nothing to change on it; `kubeconfigs`: its addresses in kubeconfigs of the person. */
export function adoptCluster(cluster: SeenCluster, kubeconfigs: readonly string[] = []): AdoptedCluster {
  const secrets = keptSecrets(cluster.name);
  const notes: string[] = [];
  const read = new Map(cluster.nodes.map((node) => [node, optionsOf(node, secrets, notes)]));
  const of = (role: SeenNode['role']): readonly SeenNode[] => cluster.nodes.filter((node) => node.role === role);
  const balancer = foundBalancer(cluster.nodes, kubeconfigs);
  const datastore = datastoreOf(of('server'), read, secrets, cluster.name);
  const servers = of('server').map((node) => serverOptions(node, read.get(node) ?? new Map(), datastore));
  const [first] = of('server');
  const registration =
    balancer === undefined
      ? first === undefined
        ? undefined
        : ownUrl(first, read.get(first) ?? new Map())
      : httpsUrl(balancer.address, balancer.port);
  const agents = of('agent').map((node) =>
    agentOptions(node, read.get(node) ?? new Map(), { cluster, registration, secrets }),
  );
  const group = (role: SeenNode['role'], options: readonly Options[]): { config: Options; nodes: NodePart[] } => {
    const nodes = of(role);
    // A host that nobody looked at has no say in what all have in common.
    const { shared } = shareOptions(options.filter((_, at) => hostOf(nodes[at] as SeenNode) !== undefined));
    return { config: shared, nodes: nodes.map((node, at) => partOf(node, without(options[at], shared))) };
  };
  const version = versionOf(cluster.nodes);
  const token = cluster.token === undefined ? undefined : secrets.keep('token', cluster.token);
  const text = clusterText({
    name: cluster.name,
    ...(version === undefined ? {} : { version }),
    env: environmentOf(cluster.nodes, secrets, notes),
    ...(balancer === undefined ? {} : { balancer }),
    datastore,
    ...(token === undefined ? {} : { token }),
    ssh: cluster.ssh,
    servers: group('server', servers),
    agents: group('agent', agents),
  });
  return {
    text,
    secrets: secrets.values,
    notes: [...notes, ...adoptionNotes(cluster, { ...(version === undefined ? {} : { version }), servers: read })],
  };
}

type Options = ReadonlyMap<string, ConfigValue>;

function optionsOf(node: SeenNode, { keep }: KeptSecrets, notes: string[]): Options {
  const facts = hostOf(node)?.facts;
  if (facts === undefined) return new Map();
  const read = hostOptions(facts, node.role, keep);
  notes.push(...read.notes.map((note) => `${node.name}: ${note}`));
  return read.options;
}

/** The datastore block; empty when the options of the servers say it all. */
function datastoreOf(
  servers: readonly SeenNode[],
  read: ReadonlyMap<SeenNode, Options>,
  { keep }: KeptSecrets,
  name: string,
): Readonly<Record<string, string>> {
  const facts = servers.flatMap((server) => hostOf(server)?.facts ?? []);
  if (facts.some(({ etcdData }) => etcdData)) return { type: 'embedded-etcd' };
  const endpoint = facts
    .map((seen) => plainOption(seen, 'server', 'datastore-endpoint'))
    .find((text) => text !== undefined);
  if (endpoint === undefined) return { type: 'sqlite' };
  const { driver } = parseDatastoreEndpoint(endpoint);
  const type = DATASTORES.map((kind): string => kind.type).find((kind) => kind === driver);
  const safe = referencePassword(endpoint, `${name}-db-password`);
  // Any other place of a password makes the whole endpoint a secret.
  const shown =
    safe.password === undefined && shownValue('kube-apiserver-arg', endpoint) === undefined
      ? keep('datastore-endpoint', endpoint)
      : safe.endpoint;
  if (safe.password !== undefined) keep('db-password', safe.password);
  const [first] = servers.flatMap((server) => (hostOf(server) === undefined ? [] : [read.get(server)]));
  const files = Object.entries(TLS_FILES).flatMap(([option, key]) => {
    const path = first?.get(option);
    return typeof path === 'string' && path.startsWith('/') ? [[key, path] as const] : [];
  });
  return { type: type ?? 'etcd', endpoint: shown, ...Object.fromEntries(files) };
}

/** An absolute path is one of the servers; any other would be a file of this machine, so it stays an option. */
const TLS_FILES = {
  'datastore-cafile': 'caFile',
  'datastore-certfile': 'certFile',
  'datastore-keyfile': 'keyFile',
} as const;

/** What `datastore:` says is no option any more, nor is how a member of etcd once began: K3s does not look at that again. */
function serverOptions(node: SeenNode, read: Options, datastore: Readonly<Record<string, string>>): Options {
  const facts = hostOf(node)?.facts;
  const isEtcd = datastore['type'] === 'embedded-etcd';
  const url = facts?.etcdData === true ? undefined : serverUrlOf(node);
  const said = (name: string, value: ConfigValue): boolean =>
    (isEtcd && name === 'cluster-init') ||
    (name in TLS_FILES && datastore[TLS_FILES[name as keyof typeof TLS_FILES]] === value);
  return new Map([
    ...(url === undefined ? [] : [['server', url] as const]),
    ...[...read].filter(([name, value]) => !said(name, value)),
  ]);
}

interface Beside {
  readonly cluster: SeenCluster;
  readonly registration: string | undefined;
  readonly secrets: KeptSecrets;
}

/** An agent that registers elsewhere or with another token than all others says so itself. */
function agentOptions(node: SeenNode, read: Options, { cluster, registration, secrets }: Beside): Options {
  const facts = hostOf(node)?.facts;
  const url = serverUrlOf(node);
  const token = facts === undefined ? undefined : plainOption(facts, 'agent', 'token');
  const password = token === undefined ? undefined : tokenPassword(token);
  return new Map([
    ...(url === undefined || url === registration ? [] : [['server', url] as const]),
    ...(password === undefined || password === cluster.token
      ? []
      : [['token', secrets.keep('agent-token', password)] as const]),
    ...read,
  ]);
}

function ownUrl(server: SeenNode, read: Options): string {
  const address = read.get('node-ip');
  const [own] = typeof address === 'string' ? address.split(',') : Array.isArray(address) ? (address as unknown[]) : [];
  const port = Number(read.get('https-listen-port') ?? API_PORT);
  return httpsUrl(typeof own === 'string' ? own.trim() : server.host, port);
}

function without(options: Options | undefined, shared: Options): Options {
  return new Map([...(options ?? [])].filter(([name]) => !shared.has(name)));
}

function partOf(node: SeenNode, config: Options): NodePart {
  const { host, zone } = node;
  const facts = hostOf(node)?.facts;
  const isPlain = zone !== undefined && listReferences(zone).length === 0;
  return {
    host,
    name:
      facts === undefined ? node.name : (plainOption(facts, node.role, 'node-name') ?? facts.hostname.toLowerCase()),
    ...(isPlain ? { zone } : {}),
    config,
    unseen: facts === undefined,
  };
}

/** The newest release: K3s cannot go back, so the others are behind. */
function versionOf(nodes: readonly SeenNode[]): string | undefined {
  const versions = nodes.flatMap((node) => {
    const written = hostOf(node)?.facts.k3sVersion ?? node.version;
    const parsed = written === undefined ? undefined : parseK3sVersion(written);
    return written === undefined || parsed === undefined ? [] : [{ written, parsed }];
  });
  return versions.sort((a, b) => compareK3sVersions(b.parsed, a.parsed))[0]?.written;
}

/** Variables that the install script keeps for K3s and that are no options of it. */
const PROXIES = /^(?:(?:NO|HTTP|HTTPS)_PROXY|CONTAINERD_[A-Z_]+)$/i;

function environmentOf(nodes: readonly SeenNode[], { keep }: KeptSecrets, notes: string[]): Record<string, string> {
  const all = nodes.flatMap((node) => {
    const facts = hostOf(node)?.facts;
    return facts === undefined ? [] : [variablesOf(facts, node)];
  });
  const names = [...new Set(all.flatMap((variables) => Object.keys(variables)))].filter((name) => PROXIES.test(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const [first, ...others] = all.map((variables) => variables[name]);
      if (first === undefined || others.some((value) => value !== first)) {
        notes.push(
          `The variable ${name} has not the same value on all machines, so it is not in the file; it stays as it is.`,
        );
        return [];
      }
      if (listReferences(first).length > 0) return [];
      return [[name, shownValue(name, first) === undefined ? keep(name, first) : first]];
    }),
  );
}

function variablesOf({ units }: HostFacts, { role }: SeenNode): Readonly<Record<string, string>> {
  return units[role === 'server' ? 'k3s' : 'k3s-agent']?.environment ?? {};
}
