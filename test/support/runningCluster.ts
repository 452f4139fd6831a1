import type { HostFacts } from '../../src/core/facts/probe';
import type { NodeRole } from '../../src/core/k3s/nodeRole';
import type { UnitFacts } from '../../src/core/facts/k3sFacts';
import { freshHost, runningUnit } from './cluster';
import { factsText } from './factsText';
import { AUTHORITY, sha256, TOKEN } from './plans';
import { etcdText, scriptedHosts, type Reply, type ScriptedHosts } from './scriptedHosts';

/** A machine of a cluster that somebody installed by hand. */
export interface Installed {
  readonly role: NodeRole;
  readonly address: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly dropIns?: Readonly<Record<string, string>>;
  readonly facts?: Partial<HostFacts>;
  /** What its Node has beside its name, role and address. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly object[];
  readonly files?: readonly string[];
  /** What it answers instead, by the script. */
  readonly answers?: Readonly<Partial<Record<string, Reply>>>;
}

/** Hosts by name, as SSH and the API of their cluster show them. */
export type Machines = Readonly<Record<string, Installed>>;

export const VERSION = 'v1.36.3+k3s1';

function factsOf(name: string, machine: Installed): HostFacts {
  const isServer = machine.role === 'server';
  const unit = runningUnit(machine.role)[isServer ? 'k3s' : 'k3s-agent'] as UnitFacts;
  const own: UnitFacts = {
    ...unit,
    command: [machine.role, ...(machine.arguments ?? [])],
    environment: machine.environment ?? {},
  };
  return {
    ...freshHost(name),
    k3sVersion: VERSION,
    addresses: [machine.address],
    units: isServer ? { k3s: own } : { 'k3s-agent': own },
    ...(machine.config === undefined ? {} : { config: machine.config }),
    dropIns: new Map(
      Object.entries(machine.dropIns ?? {}).map(([file, text]) => [`/etc/rancher/k3s/config.yaml.d/${file}`, text]),
    ),
    serverToken: isServer,
    ...(isServer ? { tokenSha256: sha256(TOKEN) } : {}),
    caHash: AUTHORITY,
    ...machine.facts,
  };
}

function nodeOf(name: string, { role, address, labels = {}, taints = [] }: Installed): object {
  const control = role === 'server' ? { 'node-role.kubernetes.io/control-plane': 'true' } : {};
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...control, ...labels } },
    spec: { taints },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: { kubeletVersion: VERSION },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** Hosts that answer as a running cluster does; `marks` is what its API tells of others who work on it. */
export function runningCluster(machines: Machines, marks?: string): ScriptedHosts {
  const found = (target: string): readonly [string, Installed] | undefined =>
    Object.entries(machines).find(([name, { address }]) => name === target || address === target);
  const endpoints = Object.values(machines).flatMap(({ role, address }) =>
    role === 'server' ? [`endpoint ${address}\n`] : [],
  );
  return scriptedHosts((target, script, _turn, { args }): Reply => {
    const [name, machine] = found(target) ?? [];
    if (name === undefined || machine === undefined) return 'cut off';
    const own = machine.answers?.[script];
    if (own !== undefined) return own;
    const dataDir = dataDirOf(machine);
    switch (script) {
      case 'probe': {
        const facts = factsOf(name, machine);
        // What lies below the data folder is seen by whoever asks there.
        const { tokenSha256: _token, caHash: _hash, ...elsewhere } = { ...facts, serverToken: false, etcdData: false };
        return { stdout: factsText(args[0] === dataDir ? facts : elsewhere) };
      }
      case 'k3s-files':
        return { stdout: (machine.files ?? []).map((path) => `${path}\n`).join('') };
      case 'nodes':
        return {
          stdout: JSON.stringify({ items: Object.entries(machines).map(([id, each]) => nodeOf(id, each)) }),
        };
      case 'cluster-marks':
        return { stdout: marks ?? endpoints.join('') };
      case 'read-file':
        return args[0] === `${dataDir}/server/token`
          ? { stdout: `K10${AUTHORITY}::server:${TOKEN}\n` }
          : { exitCode: 2, stderr: 'no such file' };
      case 'etcd-members':
        return { stdout: membersText(machines, name) };
      default:
        return { exitCode: 127, stderr: `no answer to ${script}` };
    }
  });
}

/** What each member tells where all servers with etcd are members. */
function membersText(machines: Machines, self: string): string {
  const members = Object.entries(machines).flatMap(([name, { facts }]) => (facts?.etcdData === true ? [name] : []));
  return etcdText(
    members.map((name, at) => ({ id: at + 1, name })),
    members.indexOf(self) + 1,
  );
}

function dataDirOf({ arguments: words = [], config = '' }: Installed): string {
  return (
    words.find((word) => word.startsWith('--data-dir='))?.slice('--data-dir='.length) ??
    /^data-dir: (.*)$/m.exec(config)?.[1] ??
    '/var/lib/rancher/k3s'
  );
}
