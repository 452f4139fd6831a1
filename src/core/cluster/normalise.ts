import type { Path } from '../base/path';
import type { NodeRole } from '../k3s/nodeRole';
import type {
  Bgp,
  BgpPeer,
  Cluster,
  ClusterMachine,
  ClusterNode,
  ConfigValue,
  Installation,
  K3sRelease,
  LoadBalancer,
  Registries,
  SentFile,
  SshSettings,
  Vrrp,
} from './cluster';
import { readDatastore } from './datastore';
import { countFileHosts, hasTooManyHosts } from './hostCount';
import { readHooks } from './hooks';
import { expandHostRange, MAX_HOSTS } from './hostRange';
import { mergeConfig, readConfig } from './nodeConfig';
import { mergeSentFiles, readSentFiles } from './sentFiles';
import { asArray, asPort, asRate, asRecord, asText, asTexts, compact, oneOf, remembered } from './shape';
import { readUpgradeRules } from './upgradeRules';

const DEFAULT_PORT = 6443;
const DEFAULT_SCRIPT_URL = 'https://get.k3s.io';

/**
 * What a cluster file means. Never throws: a half-typed file gives whatever of it can be read. Nodes whose entries have
 * not changed are the same objects as in the last reading, so `data` must not be changed afterwards. Of a file with more
 * than 5,000 hosts no range is expanded and no host beyond that is given; `validateSchema` says so.
 */
export function normalise(data: unknown): Cluster {
  const file = asRecord(data);
  const ssh = readSsh(file['ssh']);
  const files = readCommonFiles(file['files']);
  const taken = new Map<string, number>();
  const expand: Expand = hasTooManyHosts(countFileHosts(file)) ? asWritten : expandHostRange;
  const servers = readNodes(file['servers'], { role: 'server', ssh, files, expand }, taken, MAX_HOSTS);
  const k3s = readRelease(file['k3s']);
  const agents = readNodes(file['agents'], { role: 'agent', ssh, files, expand }, taken, MAX_HOSTS - servers.length);
  const loadBalancer = readLoadBalancer(file['loadBalancer'], { ssh, expand, nodes: [...servers, ...agents] }, taken);
  const token = asText(file['token']);
  const registries = readRegistries(file['registries']);
  const manifests = asTexts(file['manifests']);
  const deleteManifests = asTexts(file['deleteManifests']);
  const hooks = readHooks(file['hooks']);
  const firewall = oneOf(asRecord(file['hosts'])['firewall'], ['manage']);
  return {
    name: asText(asRecord(file['metadata'])['name']) ?? '',
    k3s,
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    datastore: readDatastore(file['datastore'], file['servers'], servers, k3s),
    ...(registries === undefined ? {} : { registries }),
    ...(manifests.length === 0 ? {} : { manifests }),
    ...(deleteManifests.length === 0 ? {} : { deleteManifests }),
    ...(firewall === undefined ? {} : { firewall }),
    ...(hooks.length === 0 ? {} : { hooks }),
    ...(token === undefined ? {} : { token }),
    servers,
    agents,
  };
}

/** The hosts that a text stands for, at most `most` of them. */
type Expand = (text: string, most?: number) => readonly string[];

const asWritten: Expand = (text) => [text];

function readRelease(data: unknown): K3sRelease {
  const k3s = asRecord(data);
  const version = asText(k3s['version']);
  const channel = asText(k3s['channel']) ?? (version === undefined ? 'stable' : undefined);
  const upgrade = readUpgradeRules(k3s['upgrade']);
  return { ...compact({ version, channel, upgrade }), install: readInstallation(k3s['install']) };
}

function readInstallation(data: unknown): Installation {
  const install = asRecord(data);
  const env = Object.entries(asRecord(install['env'])).flatMap(([name, value]) => {
    const text = value === '' || value === null ? '' : asText(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    method: oneOf(install['method'], ['script', 'airgap', 'preinstalled']) ?? 'script',
    scriptUrl: asText(install['scriptUrl']) ?? DEFAULT_SCRIPT_URL,
    env: Object.fromEntries(env),
    ...compact({
      binary: oneOf(install['binary'], ['download', 'upload']),
      scriptSha256: asText(install['scriptSha256'])?.toLowerCase(),
      artifacts: asText(install['artifacts']),
      uploadLimit: asRate(install['uploadLimit']),
    }),
  };
}

/** What the machines of a load balancer may have in common with the nodes. */
interface Beside {
  readonly ssh: SshSettings;
  readonly expand: Expand;
  readonly nodes: readonly ClusterNode[];
}

function readLoadBalancer(data: unknown, beside: Beside, taken: Map<string, number>): LoadBalancer | undefined {
  const balancer = asRecord(data);
  const address = asText(balancer['address']);
  if (address === undefined) return undefined;
  const nodes = readMachines(balancer['nodes'], 'nodes', beside, taken);
  const former = readMachines(balancer['former'], 'former', beside, taken);
  return {
    address,
    port: asPort(balancer['port']) ?? DEFAULT_PORT,
    type: oneOf(balancer['type'], ['external', 'haproxy', 'nginx', 'kube-vip', 'dns']) ?? 'external',
    nodes,
    ...compact({
      former: former.length === 0 ? undefined : former,
      interface: asText(balancer['interface']),
      vrrp: balancer['vrrp'] === undefined ? undefined : readVrrp(balancer['vrrp']),
      image: asText(balancer['image']),
      bgp: balancer['bgp'] === undefined ? undefined : readBgp(balancer['bgp']),
      tlsServerName: asText(balancer['tlsServerName']),
    }),
  };
}

function readVrrp(data: unknown): Vrrp {
  const vrrp = asRecord(data);
  const routerId = Number(asText(vrrp['routerId']));
  return compact({
    routerId: Number.isInteger(routerId) && routerId > 0 && routerId < 256 ? routerId : undefined,
    password: asText(vrrp['password']),
  });
}

function readBgp(data: unknown): Bgp {
  const bgp = asRecord(data);
  const peers = asArray(bgp['peers']).flatMap((item): BgpPeer[] => {
    const peer = asRecord(item);
    const address = asText(peer['address']);
    if (address === undefined) return [];
    return [{ address, as: asSystem(peer['as']), multihop: peer['multihop'] === true }];
  });
  return { as: asSystem(bgp['as']), peers };
}

/** Number of an autonomous system; 0, which none has, for anything else. */
function asSystem(value: unknown): number {
  const number = Number(asText(value));
  return Number.isInteger(number) && number > 0 && number < 2 ** 32 ? number : 0;
}

/** A text alone is a machine that is reached as all others are. */
function readMachines(
  data: unknown,
  key: 'nodes' | 'former',
  { ssh, expand, nodes }: Beside,
  taken: Map<string, number>,
): ClusterMachine[] {
  return asArray(typeof data === 'string' ? [data] : data)
    .flatMap((item, index): ClusterMachine[] => {
      const entry = asRecord(item);
      const host = asText(typeof item === 'object' ? entry['host'] : item);
      if (host === undefined) return [];
      const hosts = expand(host);
      const written = asText(entry['name']);
      const names = written === undefined ? [] : expand(written, hosts.length);
      const own = entry['ssh'] === undefined ? ssh : mergeSsh(ssh, readSsh(entry['ssh']));
      return hosts.map((one, position) => {
        const path: Path = ['loadBalancer', key, index];
        const name = nameOf(names, hosts.length, position);
        // Another port of the same address leads to another machine.
        const same = nodes.find(
          (node) => (node.host === one || node.address === one) && (own.port ?? 22) === (node.ssh.port ?? 22),
        );
        // One machine is reached in one way, and has one name.
        if (same !== undefined) return { ...machineOf(same), host: one, path };
        const id = unique(name ?? one, taken);
        return { id, ...compact({ name, zone: asText(entry['zone']) }), host: one, address: one, ssh: own, path };
      });
    })
    .slice(0, MAX_HOSTS);
}

function machineOf({ id, name, host, address, zone, ssh, path }: ClusterNode): ClusterMachine {
  return { id, ...compact({ name, zone }), host, address, ssh, path };
}

function readRegistries(data: unknown): Registries | undefined {
  if (data === undefined || data === null) return undefined;
  const { file, ...written } = asRecord(data);
  const from = asText(file);
  return from === undefined ? { kind: 'written', data: written } : { kind: 'file', from };
}

const readCommonFiles = remembered((data) => readSentFiles(data, ['files']));
const readRoleFiles = {
  server: remembered((data) => readSentFiles(data, ['servers', 'files'])),
  agent: remembered((data) => readSentFiles(data, ['agents', 'files'])),
};

const SSH_CLIENTS = ['auto', 'builtin', 'openssh'] as const;

const readSsh = remembered((data): SshSettings => {
  const ssh = asRecord(data);
  return {
    identityFiles: asTexts(ssh['identityFile']),
    ...compact({
      user: asText(ssh['user']),
      port: asPort(ssh['port']),
      client: SSH_CLIENTS.find((client) => client === ssh['client']),
      proxyJump: asText(ssh['proxyJump']),
      knownHostsFile: asText(ssh['knownHostsFile']),
      password: asText(ssh['password']),
      passphrase: asText(ssh['passphrase']),
      sudoPassword: asText(ssh['sudoPassword']),
    }),
  };
});

/** A node's own settings win; keys are a set, so the node's replace the common ones. */
function mergeSsh(base: SshSettings, own: SshSettings): SshSettings {
  return { ...base, ...own, identityFiles: own.identityFiles.length > 0 ? own.identityFiles : base.identityFiles };
}

/** What the nodes of one group have in common. */
interface Group {
  readonly role: NodeRole;
  readonly ssh: SshSettings;
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** Those of all hosts, and those of the role. */
  readonly files: readonly SentFile[];
  readonly roleFiles: readonly SentFile[];
  readonly expand: Expand;
}

interface KnownEntry {
  readonly group: Group;
  readonly index: number;
  readonly nodes: readonly ClusterNode[];
}

/** Entries that have not changed since the last keystroke; see {@link remembered}. */
const knownEntries = new WeakMap<object, KnownEntry>();

function readNodes(
  data: unknown,
  shared: Omit<Group, 'config' | 'roleFiles'>,
  taken: Map<string, number>,
  most: number,
): ClusterNode[] {
  const block = asRecord(data);
  const group: Group = {
    ...shared,
    config: readConfig(block['config']),
    roleFiles: readRoleFiles[shared.role](block['files']),
  };
  return asArray(block['nodes'])
    .flatMap((entry, index) => entryNodes(entry, group, index))
    .slice(0, most)
    .map((node) => {
      const id = unique(node.id, taken);
      return id === node.id ? node : { ...node, id };
    });
}

function entryNodes(entry: unknown, group: Group, index: number): readonly ClusterNode[] {
  if (typeof entry !== 'object' || entry === null) return readEntry(entry, group, index);
  const known = knownEntries.get(entry);
  if (known?.index === index && sameGroup(known.group, group)) return known.nodes;
  const nodes = readEntry(entry, group, index);
  knownEntries.set(entry, { group, index, nodes });
  return nodes;
}

function sameGroup(a: Group, b: Group): boolean {
  return (
    a.role === b.role &&
    a.ssh === b.ssh &&
    a.config === b.config &&
    a.files === b.files &&
    a.roleFiles === b.roleFiles &&
    a.expand === b.expand
  );
}

/** All hosts of one entry; a name with a range is expanded beside the host, one name for many hosts gets numbers. */
function readEntry(
  data: unknown,
  { role, ssh, config: roleConfig, files: commonFiles, roleFiles, expand }: Group,
  index: number,
): ClusterNode[] {
  const entry = asRecord(data);
  const path: Path = [`${role}s`, 'nodes', index];
  const host = asText(typeof data === 'string' ? data : entry['host']);
  if (host === undefined) return [];
  const config = mergeConfig(roleConfig, readConfig(entry['config']));
  const ownSsh = entry['ssh'] === undefined ? ssh : mergeSsh(ssh, readSsh(entry['ssh']));
  const hosts = expand(host);
  const written = asText(entry['name']);
  const names = written === undefined ? [] : expand(written, hosts.length);
  const zone = asText(entry['zone']);
  const files = mergeSentFiles(commonFiles, roleFiles, readSentFiles(entry['files'], [...path, 'files']));
  return hosts.map((one, position) => {
    // One address or name for a whole range could only be right for one of its hosts.
    const configured = hosts.length === 1 ? config : {};
    const name = nameOf(names, hosts.length, position) ?? firstText(configured['node-name']);
    return {
      role,
      id: name ?? one,
      ...compact({ name, zone }),
      host: one,
      address: firstText(configured['node-ip']) ?? one,
      ssh: ownSsh,
      config,
      ...(files.length === 0 ? {} : { files }),
      path,
    };
  });
}

function nameOf(names: readonly string[], hosts: number, index: number): string | undefined {
  if (names.length === hosts) return names[index];
  const [only] = names;
  return names.length === 1 && only !== undefined ? `${only}-${index + 1}` : names[index];
}

/** K3s takes `a,b` as well as a list for addresses. */
function firstText(value: ConfigValue | undefined): string | undefined {
  const first = Array.isArray(value) ? (value as readonly unknown[])[0] : value;
  return asText(first)?.split(',')[0]?.trim() || undefined;
}

function unique(id: string, taken: Map<string, number>): string {
  const count = (taken.get(id) ?? 0) + 1;
  taken.set(id, count);
  return count === 1 ? id : `${id}#${count}`;
}
