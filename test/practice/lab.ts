import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import ssh2 from 'ssh2';
import type { Problem } from '../../src/core/base/problem';
import type { Result } from '../../src/core/base/result';
import { writeFile as writeRemote, readFile as readRemote } from '../../src/core/remote/file';
import { installK3s } from '../../src/core/remote/install';
import { controlUnit, unitStatus, type UnitStatus } from '../../src/core/remote/unit';
import type { Input, RemoteCommand, RemoteOutput } from '../../src/core/remote/remoteCommand';
import { commandLine } from '../../src/core/remote/shell';
import type { PracticeEvent } from '../../src/practice/events';
import { SOME_SCRIPT } from '../support/installScripts';
import { startFleet, type PracticeFleet } from '../../src/practice/fleet';
import type { FleetOptions, PracticeHostOptions } from '../../src/practice/options';

const SPEED = 0.01;
const TOKEN = 'practice-secret';

/** A private network per fleet, so that test files and other test runs do not meet: 127.<process>.<fleet>.x */
let fleets = 0;
const network = 64 + (process.pid % 128);

export interface Lab {
  readonly fleet: PracticeFleet;
  readonly events: PracticeEvent[];
  /** Address of a host or of `load-balancer`. */
  address(id: string): string;
  run<T>(host: string, command: RemoteCommand<T>): Promise<Result<T, Problem>>;
  output(host: string, command: RemoteCommand<unknown>): Promise<RemoteOutput>;
  /** Writes config.yaml, installs and starts; does not wait. */
  begin(host: string, role: 'server' | 'agent', config: readonly string[]): Promise<void>;
  /** {@link begin}, and waits until the unit is active. */
  bring(host: string, role: 'server' | 'agent', config: readonly string[]): Promise<void>;
  status(host: string, unit?: 'k3s' | 'k3s-agent'): Promise<UnitStatus>;
  /** A line of the unit's journal that holds `text`, waited for. */
  journalLine(host: string, text: string | RegExp, unit?: 'k3s' | 'k3s-agent'): Promise<string>;
  /** kubeconfig for an address of the cluster, made of a server's own. */
  kubeconfig(server: string, address: string): Promise<string>;
  kubectl(kubeconfig: string, ...args: string[]): Promise<RemoteOutput>;
  stop(): Promise<void>;
}

export interface LabOptions extends Partial<FleetOptions> {
  readonly servers?: number;
  readonly agents?: number;
  readonly host?: Partial<PracticeHostOptions>;
}

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  fleets += 1;
  const prefix = `127.${network}.${fleets}`;
  const { servers = 0, agents = 0, host = {}, ...rest } = options;
  const ids = [
    ...Array.from({ length: servers }, (_, i) => `server-${i + 1}`),
    ...Array.from({ length: agents }, (_, i) => `agent-${i + 1}`),
  ];
  const hosts = ids.map((id, i) => ({ id, address: `${prefix}.${11 + i}`, ...host }));
  const balancer = `${prefix}.10`;
  const targets = hosts.filter(({ id }) => id.startsWith('server')).map(({ address }) => ({ address, port: 6443 }));
  const fleet = await startFleet({
    hosts,
    loadBalancer: { address: balancer, port: 6443, targets },
    timeScale: SPEED,
    ...rest,
  });
  const events: PracticeEvent[] = [];
  fleet.onEvent((event) => events.push(event));
  const folder = await mkdtemp(join(tmpdir(), 'practice-test-'));
  const connections = new Map<string, ssh2.Client>();
  const children = new Set<ChildProcess>();

  const address = (id: string): string =>
    id === 'load-balancer' ? balancer : (fleet.hosts.find((candidate) => candidate.id === id)?.address ?? id);
  const output = async (id: string, command: RemoteCommand<unknown>): Promise<RemoteOutput> => {
    let client = connections.get(id);
    if (client === undefined) {
      client = await login(fleet, id);
      connections.set(id, client);
      client.on('close', () => connections.delete(id));
    }
    const elevation = command.sudo ? 'sudo' : 'none';
    return exec(client, commandLine(command.script, command.args, elevation), command.stdin);
  };
  const run = async <T>(id: string, command: RemoteCommand<T>): Promise<Result<T, Problem>> =>
    command.parse(await output(id, command));
  const must = async <T>(id: string, command: RemoteCommand<T>): Promise<T> => {
    const result = await run(id, command);
    if (!result.ok) throw new Error(`${id}: ${JSON.stringify(result.error)}`);
    return result.value;
  };
  const unitOf = (id: string): 'k3s' | 'k3s-agent' => (id.startsWith('agent') ? 'k3s-agent' : 'k3s');
  const lab: Lab = {
    fleet,
    events,
    address,
    run,
    output,
    begin: async (id, role, config) => {
      await must(id, writeRemote('/etc/rancher/k3s/config.yaml', '0600', `${config.join('\n')}\n`));
      await must(
        id,
        installK3s({ role, env: { INSTALL_K3S_VERSION: 'v1.36.3+k3s1', INSTALL_K3S_SKIP_START: 'true' } }, SOME_SCRIPT),
      );
      await must(id, controlUnit('start', unitOf(id)));
    },
    bring: async (id, role, config) => {
      await lab.begin(id, role, config);
      await eventually(
        async () => (await lab.status(id)).active === 'active',
        () => `${id} does not come up:\n${fleet.inspect(id).journal(unitOf(id)).join('\n')}`,
      );
    },
    status: (id, unit = unitOf(id)) =>
      must(id, unitStatus(unit, { before: '', journalLines: 200, waitSeconds: 0, known: '' })),
    journalLine: async (id, text, unit = unitOf(id)) => {
      const matches = (line: string): boolean => (typeof text === 'string' ? line.includes(text) : text.test(line));
      await eventually(
        () => fleet.inspect(id).journal(unit).some(matches),
        () => `no line ${String(text)} on ${id}:\n${fleet.inspect(id).journal(unit).join('\n')}`,
      );
      return fleet.inspect(id).journal(unit).find(matches) ?? '';
    },
    kubeconfig: async (server, at) => {
      const text = await must(server, readRemote('/etc/rancher/k3s/k3s.yaml'));
      const path = join(folder, `${server}-${at.replaceAll(/[^\w]/g, '-')}.yaml`);
      await writeFile(path, text.replace(/server: .*/, `server: https://${at}:6443`), { mode: 0o600 });
      return path;
    },
    kubectl: (kubeconfig, ...args) =>
      new Promise((resolve) => {
        const child = execFile(
          '/usr/bin/kubectl',
          args,
          { env: { KUBECONFIG: kubeconfig, HOME: folder, PATH: '/usr/bin:/bin' }, timeout: 20_000 },
          (error, stdout, stderr) => {
            children.delete(child);
            resolve({
              stdout,
              stderr,
              exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 255,
            });
          },
        );
        children.add(child);
      }),
    stop: async () => {
      for (const child of children) child.kill();
      for (const client of connections.values()) client.end();
      await fleet.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return lab;
}

export const hasKubectl = existsSync('/usr/bin/kubectl');

/** A kubectl that goes on running; gives its process for reading and ending it. */
export function kubectlProcess(kubeconfig: string, ...args: string[]): ChildProcess {
  return spawn('/usr/bin/kubectl', args, {
    env: { KUBECONFIG: kubeconfig, HOME: join(kubeconfig, '..'), PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface LoginOptions {
  readonly username?: string;
  readonly password?: string;
  readonly hostVerifier?: (key: Buffer) => boolean;
}

/** An SSH connection with the fleet's client key, or with a password. */
export async function login(fleet: PracticeFleet, id: string, options: LoginOptions = {}): Promise<ssh2.Client> {
  const host = fleet.hosts.find((candidate) => candidate.id === id);
  if (host === undefined) throw new Error(`no host ${id}`);
  const { username = 'practice', password, ...rest } = options;
  const privateKey = password === undefined ? await readFile(fleet.clientKey) : undefined;
  const sock = connect({ host: host.address, port: host.sshPort, noDelay: true });
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on('ready', () => resolve(client));
    client.on('error', reject);
    client.connect({
      sock,
      username,
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(password === undefined ? {} : { password }),
      ...rest,
    });
  });
}

/** Runs one command line; `exitCode` is -1 when the connection ended before the status came. */
export function exec(client: ssh2.Client, line: string, stdin: Input = ''): Promise<RemoteOutput> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error !== undefined) {
        reject(error);
        return;
      }
      let stdout = '';
      let stderr = '';
      let exitCode = -1;
      channel.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      channel.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      channel.on('exit', (code: number | null) => (exitCode = code ?? -1));
      channel.on('close', () => resolve({ stdout, stderr, exitCode }));
      if (typeof stdin === 'string') channel.end(stdin);
      else Readable.from(stdin.open()).pipe(channel);
    });
  });
}

/** Waits (15 s at most) until `condition` holds. */
export async function eventually(condition: () => boolean | Promise<boolean>, message: () => string): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(message());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** config.yaml of a server with embedded etcd; all but the first join through `through`. */
export function etcdServer(through?: string, ...more: string[]): string[] {
  return [`token: ${TOKEN}`, through === undefined ? 'cluster-init: true' : `server: https://${through}:6443`, ...more];
}

export function agentOf(through: string, ...more: string[]): string[] {
  return [`token: ${TOKEN}`, `server: https://${through}:6443`, ...more];
}
