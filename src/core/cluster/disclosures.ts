import type { Cluster, ClusterMachine, ClusterNode } from './cluster';
import { holdsReference, parseDatastoreEndpoint } from '../datastore/endpoint/dsn';
import { registryTexts } from '../k3s/registries';
import { hostFiles, needsAgreement } from './hostFiles';
import { leadsOutside, scriptOrigin } from './installScript';
import { listReferences, type ReferenceKind } from './references';
import { balancerMachines, machinesOf } from './roles';

/**
 * Something of this machine that a cluster file gives to one of its hosts: a stored secret, an environment variable, the
 * content of a file, or the proof that one owns an SSH key (the key itself stays here).
 */
export interface Disclosure {
  readonly kind: ReferenceKind | 'key';
  /** Name of the secret or variable, path of the file or key, as the cluster file writes it. */
  readonly name: string;
  /** The key of the cluster file that uses it, e.g. `ssh.password`, `token`, `config.node-label`. */
  readonly use: string;
  /** The whole text that the cluster file has there. */
  readonly written: string;
  readonly machine: DisclosureMachine;
  /** Where it goes on to from the host: databases that are logged in to with it before K3s does. */
  readonly onward?: readonly string[];
}

/** The host that gets it, as the cluster file names it. */
export interface DisclosureMachine {
  readonly id: string;
  readonly host: string;
  /** Only when the file says one; ssh_config decides otherwise. */
  readonly port?: number;
  /** Jump hosts of the file: an SSH key proves itself to them, too. */
  readonly proxyJump?: string;
}

/**
 * Everything of this machine that `cluster` gives to its hosts, in the order of its machines. A passphrase is not among
 * it: it opens a key on this machine and goes nowhere.
 */
export function disclosuresOf(cluster: Cluster): readonly Disclosure[] {
  const balancers = new Set(balancerMachines(cluster).map(({ id }) => id));
  return machinesOf(cluster).flatMap((machine) => [
    ...loginDisclosures(machine),
    ...('role' in machine ? nodeDisclosures(machine, cluster) : []),
    ...(balancers.has(machine.id) ? balancerDisclosures(machine, cluster) : []),
  ]);
}

/** A machine as a disclosure names it. */
export function machineOf({ id, host, ssh: { port, proxyJump } }: ClusterMachine): DisclosureMachine {
  return { id, host, ...(port === undefined ? {} : { port }), ...(proxyJump === undefined ? {} : { proxyJump }) };
}

/** What every machine gets that is logged in to. */
function loginDisclosures(to: ClusterMachine): readonly Disclosure[] {
  const machine = machineOf(to);
  const { password, sudoPassword, identityFiles } = to.ssh;
  const keys = identityFiles.map((path): Disclosure => ({
    kind: 'key',
    name: path,
    use: 'ssh.identityFile',
    written: path,
    machine,
  }));
  return [...keys, ...usesOf('ssh.password', password, machine), ...usesOf('ssh.sudoPassword', sudoPassword, machine)];
}

function balancerDisclosures(to: ClusterMachine, { loadBalancer }: Cluster): readonly Disclosure[] {
  return usesOf('loadBalancer.vrrp.password', loadBalancer?.vrrp?.password, machineOf(to));
}

function nodeDisclosures(node: ClusterNode, cluster: Cluster): readonly Disclosure[] {
  const machine = machineOf(node);
  const script = scriptDisclosure(cluster, machine);
  const registries = cluster.registries?.kind === 'written' ? registryTexts(cluster.registries.data) : [];
  const texts: readonly (readonly [use: string, text: unknown])[] = [
    ['token', cluster.token],
    ...(node.role === 'server' ? [['datastore.endpoint', cluster.datastore.endpoint] as const] : []),
    ...registries.map((text) => ['registries', text] as const),
    ...Object.entries(cluster.k3s.install.env).map(([name, value]) => [`k3s.install.env.${name}`, value] as const),
    ...Object.entries(node.config).flatMap(([name, value]) =>
      [value].flat().map((item) => [`config.${name}`, item] as const),
    ),
  ];
  return [
    ...(script === undefined ? [] : [script]),
    ...fileDisclosures(cluster, node, machine),
    ...hookDisclosures(cluster, machine),
    ...texts.flatMap(([use, text]) =>
      usesOf(use, text, machine).map((one) =>
        text === cluster.datastore.endpoint ? { ...one, onward: databasesOf(one.written) } : one,
      ),
    ),
  ];
}

/** The databases of an endpoint as it names them; one that a reference hides is whatever the person has put there. */
function databasesOf(endpoint: string): readonly string[] {
  const { addresses } = parseDatastoreEndpoint(endpoint);
  const named = addresses.filter(({ host }) => !holdsReference(host));
  return named.length === 0
    ? ['the database that it names']
    : named.map(({ host, port }) => (port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`));
}

/** An install script of this machine, or the folder that has it; what lies inside the folder of the cluster file came with it and tells the hosts nothing else. */
function scriptDisclosure({ k3s: { install } }: Cluster, machine: DisclosureMachine): Disclosure | undefined {
  const { artifacts } = install;
  if (install.method === 'airgap' && artifacts !== undefined && leadsOutside(artifacts))
    return { kind: 'file', name: artifacts, use: 'k3s.install.artifacts', written: artifacts, machine };
  const origin = scriptOrigin(install);
  if (origin.kind !== 'file' || !leadsOutside(origin.path)) return undefined;
  return { kind: 'file', name: origin.path, use: 'k3s.install.scriptUrl', written: install.scriptUrl, machine };
}

/** Files of this machine that did not come with the cluster file, or that hold secrets. */
function fileDisclosures(cluster: Cluster, node: ClusterNode, machine: DisclosureMachine): readonly Disclosure[] {
  return hostFiles(cluster, node).flatMap(({ source, kind, use }): readonly Disclosure[] => {
    if (source.kind !== 'local' || !needsAgreement(source.from, kind)) return [];
    return [{ kind: 'file', name: source.from, use, written: source.from, machine }];
  });
}

/** Hooks that hosts get; what runs on this machine is asked about on its own. */
function hookDisclosures({ hooks = [] }: Cluster, machine: DisclosureMachine): readonly Disclosure[] {
  const paths = hooks.flatMap(({ on, run }) => (on === 'host' && needsAgreement(run, 'hook') ? [run] : []));
  return [...new Set(paths)].map((run) => ({ kind: 'file', name: run, use: 'hooks', written: run, machine }));
}

function usesOf(use: string, written: unknown, machine: DisclosureMachine): readonly Disclosure[] {
  if (typeof written !== 'string') return [];
  const references = listReferences(written);
  const first = references.filter(
    ({ kind, name }, index) => references.findIndex((other) => other.kind === kind && other.name === name) === index,
  );
  return first.map(({ kind, name }) => ({ kind, name, use, written, machine }));
}

/** `secret "token"`, `environment variable AWS_KEY`, `file ~/x`, `SSH key ~/.ssh/id_ed25519`: for questions and lists. */
export function disclosureLabel({ kind, name }: Pick<Disclosure, 'kind' | 'name'>): string {
  switch (kind) {
    case 'secret':
      return `secret "${name}"`;
    case 'env':
      return `environment variable ${name}`;
    case 'file':
      return `file ${name}`;
    case 'key':
      return `SSH key ${name}`;
  }
}
