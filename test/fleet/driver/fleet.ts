import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DOWNLOAD_NAMES, startDownloads, type Downloads } from './downloads';
import { createHost, type FleetHost } from './host';
import { lastingLeftovers } from './leftovers';
import { createNetwork, setPath, type Network } from './network';
import { ensureRootfs, type Rootfs } from './rootfs';
import { run, type RunOptions, type RunResult } from './run';
import { ssh } from './ssh';
import type { FleetUser } from './users';

const GUARD = resolve(import.meta.dirname, '../rootfs/guard.sh');

/** Version that the download server offers when none is asked for; also what its channels lead to. */
export const DEFAULT_K3S_VERSION = 'v1.36.3+k3s1';

interface HostSpec {
  readonly name: string;
  /** Adds HAProxy, keepalived, MariaDB and kubectl, installed but not started. */
  readonly services?: boolean;
  /** apt-get finds HAProxy, keepalived, nginx and socat in a repository on the host's own disk. */
  readonly packages?: boolean;
  /** OpenRC boots it instead of systemd, and the tools of busybox come first in PATH, as on Alpine. */
  readonly init?: 'openrc';
}

interface FleetOptions {
  readonly hosts: readonly HostSpec[];
  /** Versions of K3s that can be downloaded; the first is the one of every channel. */
  readonly k3sVersions?: readonly string[];
  /** Seconds by which the K3s double keeps its times; see double/k3s/settings.py for the names. */
  readonly doubleSettings?: Readonly<Record<string, number>>;
}

/** Hosts with systemd or OpenRC, OpenSSH and sudo on a LAN of their own without a way out. Always `stop()` it. */
export interface Fleet {
  readonly id: string;
  readonly hosts: readonly FleetHost[];
  /** The host of that name; an unknown name is an error. */
  host(name: string): FleetHost;
  /** Private key of root and auto. */
  readonly identityFile: string;
  /** Address in the LAN that is not a host: `last` is 20 to 250. For virtual addresses. */
  address(last: number): string;
  /** Lines for a known_hosts file with the present key of every host. */
  knownHosts(): Promise<string>;
  /** OpenSSH's own client, as one of the fleet's users. */
  ssh(name: string, user: FleetUser, command: string, options?: RunOptions): Promise<RunResult>;
  /** Runs a program of this machine in the LAN's network namespace. */
  inLan(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Debian's kubectl in the LAN with this kubeconfig. */
  kubectl(kubeconfig: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Drops or lets pass again what goes between two hosts, both ways. */
  setPartition(a: string, b: string, state: 'cut' | 'healed'): Promise<void>;
  /** `METHOD host/path` of every download so far. */
  readonly downloads: readonly string[];
  /** Address below which releases are served, and the authority that vouches for it. */
  readonly releases: { readonly url: string; readonly caFile: string };
  /** Path on this machine of the binary that is served as this version. */
  binary(version: string): string;
  /** Removes every process, namespace, mount, cgroup and file of the fleet. May be called twice. */
  stop(): Promise<void>;
  /** What is still left of the fleet on this machine after some seconds, in which dying processes may end: for a test of stop(). */
  leftovers(): Promise<readonly string[]>;
}

/** Builds the layers if need be, boots all hosts at once and waits until users can log in to each. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const rootfs = await ensureRootfs();
  const network = await createNetwork();
  const folder = await mkdtemp(join(rootfs.runsFolder, `${network.id}-`));
  const guard = startGuard(network.id, folder);
  try {
    const downloads = await startDownloads(network, rootfs, folder, options.k3sVersions ?? [DEFAULT_K3S_VERSION]);
    const hosts = await Promise.all(
      options.hosts.map((spec, i) => makeHost(network, rootfs, folder, options, spec, i + 1)),
    );
    await Promise.all(hosts.map((host) => host.powerOn()));
    return fleetOf({ network, rootfs, folder, downloads, hosts, guard });
  } catch (error) {
    await guard.finish();
    throw new Error(`Fleet ${network.id} did not start: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

interface Parts {
  readonly network: Network;
  readonly rootfs: Rootfs;
  readonly folder: string;
  readonly downloads: Downloads;
  readonly hosts: readonly FleetHost[];
  readonly guard: Guard;
}

function fleetOf({ network, rootfs, folder, downloads, hosts, guard }: Parts): Fleet {
  const host = (name: string): FleetHost => {
    const found = hosts.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(`No host ${name} in this fleet: ${hosts.map((one) => one.name).join(', ')}`);
    return found;
  };
  const inLan = (program: string, args: readonly string[], options?: RunOptions): Promise<RunResult> =>
    run('nsenter', [`--net=/run/netns/${network.lanNamespace}`, program, ...args], options);
  let kubeconfigs = 0;
  let stopped: Promise<void> | undefined;
  return {
    id: network.id,
    hosts,
    host,
    identityFile: rootfs.identityFile,
    address: (last) => `${network.prefix}.${last}`,
    knownHosts: async () =>
      (await Promise.all(hosts.map(async (one) => `${one.address} ${await one.hostKey()}\n`))).join(''),
    ssh: (name, user, command, options) =>
      ssh(host(name), { user, identityFile: rootfs.identityFile, folder }, command, options),
    inLan,
    kubectl: async (kubeconfig, args, options) => {
      const file = join(folder, `kubeconfig-${(kubeconfigs += 1)}`);
      await writeFile(file, kubeconfig, { mode: 0o600 });
      return inLan(
        join(rootfs.services, 'usr/bin/kubectl'),
        ['--kubeconfig', file, '--cache-dir', join(folder, 'kube-cache'), ...args],
        options,
      );
    },
    setPartition: async (a, b, state) => {
      const [one, other] = [host(a).address, host(b).address];
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const)
        await setPath(network, from, to, state === 'cut' ? 'down' : 'up');
    },
    downloads: downloads.requests,
    binary: downloads.binary,
    releases: { url: `https://${network.lanAddress}/k3s-io/k3s/releases/download`, caFile: rootfs.caFile },
    stop: () => (stopped ??= stop(hosts, downloads, guard)),
    leftovers: () => lastingLeftovers(network.id, folder),
  };
}

async function stop(hosts: readonly FleetHost[], downloads: Downloads, guard: Guard): Promise<void> {
  await Promise.allSettled([downloads.stop(), ...hosts.map((host) => host.powerOff())]);
  await guard.finish();
}

async function makeHost(
  network: Network,
  rootfs: Rootfs,
  folder: string,
  options: FleetOptions,
  spec: HostSpec,
  index: number,
): Promise<FleetHost> {
  const home = join(folder, spec.name);
  await mkdir(home);
  const neighbours = options.hosts.map(({ name }, i) => `${network.prefix}.${11 + i} ${name}`);
  return createHost(network, {
    name: spec.name,
    index,
    init: spec.init ?? 'systemd',
    lower: [
      ...(spec.services === true ? [rootfs.services] : []),
      ...(spec.packages === true ? [rootfs.packages] : []),
      ...(spec.init === 'openrc' ? [rootfs.openrc] : []),
      rootfs.base,
    ].join(':'),
    folder: home,
    files: {
      '/etc/hosts': [
        '127.0.0.1 localhost',
        '::1 localhost',
        ...neighbours,
        `${network.lanAddress} ${DOWNLOAD_NAMES.join(' ')}`,
        '',
      ].join('\n'),
      '/etc/resolv.conf': '',
      '/etc/k3s-double.json': `${JSON.stringify(options.doubleSettings ?? {})}\n`,
    },
  });
}

interface Guard {
  finish(): Promise<void>;
}

/** Cleans up even when this process is killed: a detached script whose standard input ends with us. */
function startGuard(id: string, folder: string): Guard {
  const child = spawn('bash', [GUARD, id, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    finish: () => {
      child.stdin.end();
      return ended;
    },
  };
}
