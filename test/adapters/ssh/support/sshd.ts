import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { endProcess, eventually, type Workplace } from './workplace';

/** A real OpenSSH server on a loopback port. */
export interface Sshd {
  readonly port: number;
  readonly pid: number;
  /** What sshd itself logged. */
  log(): string;
  hostKey(type: 'ed25519' | 'rsa'): string;
  /** `[127.0.0.1]:port type key` of a host key. */
  knownHostsLine(type: 'ed25519' | 'rsa'): string;
  stop(): Promise<void>;
}

interface SshdOptions {
  /** Public keys that may log in. */
  readonly authorized?: readonly string[];
  readonly hostKeyTypes?: readonly ('ed25519' | 'rsa')[];
  /** An authority that signs the host key for 127.0.0.1. */
  readonly hostCertificate?: string;
  /** More lines of sshd_config. */
  readonly config?: readonly string[];
  /** Environment of commands; HOME is a folder of the test, so that shell start-up files of this machine play no part. */
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

const SSHD = '/usr/sbin/sshd';
let servers = 0;

/** Starts sshd for the user of this process; needs the package openssh-server and no root. */
export async function startSshd(workplace: Workplace, options: SshdOptions = {}): Promise<Sshd> {
  if (!existsSync(SSHD))
    throw new Error(`${SSHD} is missing: these tests need a real OpenSSH server. Install the package openssh-server.`);
  // As root, sshd insists on the folder that its service would have made.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  servers += 1;
  const name = `sshd-${servers}`;
  const types = options.hostKeyTypes ?? ['ed25519'];
  const hostKeys = new Map(types.map((type) => [type, workplace.key(`${name}-host-${type}`, '', type)]));
  const { hostCertificate } = options;
  if (hostCertificate !== undefined)
    for (const path of hostKeys.values())
      execFileSync('ssh-keygen', ['-q', '-s', hostCertificate, '-I', name, '-h', '-n', '127.0.0.1', `${path}.pub`]);
  const authorized = workplace.file(
    `${name}-authorized`,
    (options.authorized ?? []).map((path) => readFileSync(`${path}.pub`, 'utf8')).join(''),
  );
  const port = options.port ?? (await freePort());
  const config = workplace.file(
    `${name}.conf`,
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...[...hostKeys.values()].map((path) => `HostKey ${path}`),
      ...[...hostKeys.values()].flatMap((path) =>
        hostCertificate === undefined ? [] : [`HostCertificate ${path}-cert.pub`],
      ),
      'PidFile none',
      `SetEnv ${Object.entries({ HOME: workplace.home, ...options.env })
        .map(([key, value]) => `${key}=${value}`)
        .join(' ')}`,
      `AuthorizedKeysFile ${authorized}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const stop = (): Promise<void> => endProcess(child);
  workplace.atEnd(stop);
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log}`);
    return reachable(port);
  });
  const path = (type: 'ed25519' | 'rsa'): string => hostKeys.get(type) ?? '';
  return {
    port,
    pid: child.pid ?? 0,
    log: () => log,
    hostKey: path,
    knownHostsLine: (type) =>
      `[127.0.0.1]:${port} ${readFileSync(`${path(type)}.pub`, 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' ')}`,
    stop,
  };
}

export function writeKnownHosts(workplace: Workplace, ...lines: readonly string[]): string {
  const path = join(workplace.home, '.ssh', 'known_hosts');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  return path;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function reachable(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
