import { mkdtemp, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, problem, type Problem } from '../core/base/problem';
import { trialOf } from '../core/datastore/trial/registry';
import { PINNED_STABLE } from '../core/k3s/versions';
import type { Cluster, ClusterMachine } from '../core/cluster/cluster';
import { ageFleet } from './aging';
import { scaledClock } from './clock';
import { installBinary } from './commands/installer';
import { createFaults, type Faults } from './faults';
import { openDirectory, type PracticeDirectory, type PracticeHostAddress } from './directory';
import type { PracticeListener } from './events';
import { inspectHost, type HostView } from './hostView';
import { viewNode, type NodeView } from './nodeView';
import { readEndpoint } from './k3s/database';
import { k3sProgram } from './k3s/program';
import { startLoadBalancer } from './loadBalancer';
import { createHost, type PracticeHost } from './machine/host';
import type {
  FleetOptions,
  PracticeDatabaseOptions,
  PracticeHostOptions,
  PracticeTarget,
  PracticeUser,
} from './options';
import { powerOff, powerOn, type Login } from './power';
import { createSshKey, type SshKey } from './ssh/keys';
import { TIMINGS } from './k3s/timings';
import type { World } from './world';
import { apiPort } from '../core/cluster/options';
import { balancerMachines, machinesOf } from '../core/cluster/roles';

/** A running practice fleet. Hosts are named by their id; an unknown id is an error. */
export interface PracticeFleet extends Faults {
  readonly hosts: readonly PracticeHostAddress[];
  readonly loadBalancer?: PracticeTarget;
  /** Private key that may log in as every user of every host. */
  readonly clientKey: string;
  readonly directory: PracticeDirectory;
  powerOff(host: string): Promise<void>;
  powerOn(host: string): Promise<void>;
  /** Power off, the time of a boot, power on. */
  restart(host: string): Promise<void>;
  /** Cuts the network between two groups of host ids; `load-balancer` and database addresses count as hosts. */
  partition(a: string | readonly string[], b: string | readonly string[]): void;
  /** Ends all partitions. */
  heal(): void;
  /** Every certificate of K3s ends, or has ended, in so many milliseconds from now, as if it had been made longer ago. */
  ageCertificates(ms: number): Promise<void>;
  /** Takes a database down: a whole datastore endpoint, or one `host:port` of it. */
  databaseDown(endpoint: string, on: boolean): void;
  /** The Nodes of the clusters that run, as their API has them. */
  nodes(): readonly NodeView[];
  /** A look behind the curtain, without SSH. */
  inspect(host: string): HostView;
  onEvent(listener: PracticeListener): () => void;
  stop(): Promise<void>;
}

/** Thrown by {@link startFleet}; the message is the whole problem as text. */
export class FleetStartError extends Error {
  constructor(readonly problem: Problem) {
    super(formatProblem(problem));
  }
}

/** Default SSH port of practice hosts. */
const SSH_PORT = 2222;

/** Starts a fleet: all hosts are on, nothing is installed. Rejects with {@link FleetStartError} when an address or `.practice` cannot be used. */
export async function startFleet(options: FleetOptions): Promise<PracticeFleet> {
  const listeners = new Set<PracticeListener>();
  const stopping = new AbortController();
  const hosts = new Map<string, PracticeHost>();
  const world: World = {
    clock: scaledClock(options.timeScale ?? 1),
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    hosts,
    ...(options.loadBalancer === undefined ? {} : { loadBalancer: options.loadBalancer }),
    databaseOptions: options.databases ?? [],
    databases: new Map(),
    databasesDown: new Set(),
    services: new Set(),
    clusters: new Set(),
    snapshots: new Map(),
    cut: new Set(),
    partitions: [],
    turns: 0,
    reboot: (id) => restarting(id),
    signal: stopping.signal,
  };
  const temporary = options.directory === undefined ? await mkdtemp(join(tmpdir(), 'k3s-ha-practice-')) : undefined;
  const wanted = options.hosts.map((host) => ({
    id: host.id,
    address: host.address,
    sshPort: host.sshPort ?? SSH_PORT,
  }));
  const opened = await openDirectory(options.directory ?? temporary ?? '', wanted);
  if (!opened.ok) throw new FleetStartError(opened.error);
  const { authorizedKey, hostKeys, ...directory } = opened.value;
  const ownKeyOf = (id: string): SshKey => hostKeys.get(id) ?? createSshKey(id);
  const logins = new Map<string, Login>();
  for (const host of options.hosts) {
    const machine = createHost(host, world.clock, world.emit, (self, unit) => k3sProgram(world, self, unit));
    if (host.k3sVersion !== undefined) installBinary(machine, host.k3sVersion);
    hosts.set(host.id, machine);
    logins.set(host.id, {
      sshPort: host.sshPort ?? SSH_PORT,
      authorizedKey,
      hostKey: ownKeyOf(host.id),
    });
  }
  const find = (id: string): { readonly host: PracticeHost; readonly login: Login } => {
    const host = hosts.get(id);
    const login = logins.get(id);
    if (host === undefined || login === undefined)
      throw new Error(`The practice fleet has no host "${id}"; its hosts are ${[...hosts.keys()].join(', ')}.`);
    return { host, login };
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...hosts.values()].map((host) => powerOff(world, host)));
    stopping.abort(new Error('The practice fleet is being stopped'));
    if (balancer.ok) await balancer.value?.close();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  };
  const [balancer, ...started] = await Promise.all([
    startLoadBalancer(world),
    ...[...hosts.values()].map((host) => powerOn(world, host, find(host.id).login)),
  ]);
  const problems = [balancer, ...started].flatMap((result) =>
    result === undefined || result.ok ? [] : [result.error],
  );
  if (problems.length > 0) {
    await stop();
    throw new FleetStartError(joinProblems(problems));
  }
  const restarting = async (id: string): Promise<void> => {
    const { host, login } = find(id);
    await powerOff(world, host);
    await world.clock.sleep(TIMINGS.reboot, world.signal);
    await powerOnAgain(world, host, login);
  };
  const tellPartitions = (): void =>
    world.emit({ kind: 'network', partitions: world.partitions.map(([a, b]) => [[...a], [...b]]) });
  return {
    hosts: wanted.map((host, i) => {
      const result = started[i];
      return result?.ok === true ? { ...host, sshPort: result.value.port } : host;
    }),
    ...(options.loadBalancer === undefined
      ? {}
      : { loadBalancer: { address: options.loadBalancer.address, port: options.loadBalancer.port } }),
    clientKey: directory.clientKey,
    directory,
    powerOff: (id) => powerOff(world, find(id).host),
    powerOn: (id) => powerOnAgain(world, find(id).host, find(id).login),
    restart: restarting,
    partition: (a, b) => {
      world.partitions = [...world.partitions, [new Set([a].flat()), new Set([b].flat())]];
      tellPartitions();
    },
    heal: () => {
      world.partitions = [];
      tellPartitions();
    },
    ...createFaults(world, find, { ownKeyOf, balancer: () => (balancer.ok ? balancer.value : undefined) }),
    ageCertificates: (ms) => ageFleet(world, ms),
    databaseDown: (endpoint, on) => {
      const read = readEndpoint(endpoint);
      for (const address of read.ok ? read.value.addresses : [endpoint]) {
        if (on) world.databasesDown.add(address);
        else world.databasesDown.delete(address);
        world.emit({ kind: 'database', endpoint: address, on: !on });
      }
    },
    nodes: () => [...world.clusters].flatMap(({ nodes }) => nodes.list().map(viewNode)),
    inspect: (id) => inspectHost(find(id).host),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop,
  };
}

async function powerOnAgain(world: World, host: PracticeHost, login: Login): Promise<void> {
  const result = await powerOn(world, host, login);
  if (result?.ok === false) throw new FleetStartError(result.error);
}

/** One problem out of many of the same kind, so that every missing address is named at once. */
function joinProblems(problems: readonly Problem[]): Problem {
  const [first, ...others] = problems;
  if (first === undefined || others.length === 0)
    return first ?? problem('fleet-start-failed', 'The practice fleet could not start');
  return {
    ...first,
    message: `${first.message}, and ${others.length} more ${others.length === 1 ? 'address has' : 'addresses have'} a problem`,
    nextSteps: [...new Set(problems.flatMap(({ nextSteps }) => nextSteps))],
  };
}

/** Makes or completes `.practice` (client key, known_hosts, token) in `folder`, beside a cluster file. Rejects with {@link FleetStartError}. */
export async function prepareDirectory(
  folder: string,
  hosts: readonly PracticeHostAddress[] = [],
): Promise<PracticeDirectory> {
  const opened = await openDirectory(folder, hosts);
  if (!opened.ok) throw new FleetStartError(opened.error);
  const { path, clientKey, knownHosts, tokenFile } = opened.value;
  return { path, clientKey, knownHosts, tokenFile };
}

/** A fleet that looks like what a cluster file expects: addresses, SSH ports and users, load balancer. */
export function planFleet(cluster: Cluster): FleetOptions {
  const hosts = new Map<string, PracticeHostOptions>();
  for (const machine of machinesOf(cluster))
    if (!hosts.has(machine.host)) hosts.set(machine.host, planHost(cluster, machine));
  const balancer = cluster.loadBalancer;
  const machines = balancerMachines(cluster);
  const targets = cluster.servers.map((server) => ({ address: server.address, port: apiPort(cluster, server) }));
  return {
    hosts: [...hosts.values()],
    databases: planDatabases(cluster),
    ...(balancer === undefined
      ? {}
      : {
          loadBalancer: {
            address: balancer.address,
            port: balancer.port,
            targets,
            ...(machines.length === 0 ? {} : { machines: machines.map(({ id }) => id) }),
            ...(balancer.type === 'kube-vip' ? { onServers: true as const } : {}),
          },
        }),
  };
}

/** The file says nothing of a machine's system, but its name may. */
const ALPINE = /^alpine\b/i;

function planHost(cluster: Cluster, node: ClusterMachine): PracticeHostOptions {
  const address = isIP(node.host) === 0 && isIP(node.address) !== 0 ? node.address : node.host;
  return {
    id: node.id,
    address,
    ...(node.address === address ? {} : { otherAddresses: [node.address] }),
    sshPort: node.ssh.port ?? 22,
    hostname: hostnameOf(node),
    users: [planUser(node)],
    ...(ALPINE.test(node.id) ? { init: 'openrc' as const } : {}),
    ...('role' in node && cluster.k3s.install.method === 'preinstalled'
      ? { k3sVersion: cluster.k3s.version ?? PINNED_STABLE }
      : {}),
  };
}

/** The node's name, or a host name made of its address. */
function hostnameOf(node: ClusterMachine): string {
  return isIP(node.id) === 0 ? node.id.toLowerCase() : `practice-${node.id.replaceAll(/[.:]+/g, '-')}`;
}

/** The databases of the file's endpoint, with its login. */
function planDatabases({ datastore }: Cluster): readonly PracticeDatabaseOptions[] {
  const trial = trialOf(datastore.type);
  if (trial === undefined || datastore.endpoint === undefined) return [];
  return trial.accesses(datastore.endpoint, {}).map((access): PracticeDatabaseOptions => {
    const [user, password] = [literal(access.user), literal(access.password)];
    return {
      address: `${access.host}:${access.port}`,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
    };
  });
}

/** What a reference stands for is not known here. */
function literal(text: string | undefined): string | undefined {
  return text === undefined || text.includes('${') ? undefined : text;
}

/** Passwords count only where they are written out. */
function planUser({ ssh }: ClusterMachine): PracticeUser {
  const sudoPassword = literal(ssh.sudoPassword);
  const password = sudoPassword ?? literal(ssh.password);
  return {
    name: ssh.user ?? 'practice',
    sudo: sudoPassword === undefined ? 'nopasswd' : 'password',
    ...(password === undefined ? {} : { password }),
  };
}
