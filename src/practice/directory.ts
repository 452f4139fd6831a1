import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createSshKey, knownHostsName, type SshKey } from './ssh/keys';

/** Where a practice host listens for SSH. */
export interface PracticeHostAddress {
  readonly id: string;
  readonly address: string;
  readonly sshPort: number;
}

/** The files that a cluster file for the practice fleet refers to. */
export interface PracticeDirectory {
  /** The folder `.practice`. */
  readonly path: string;
  /** Private key that may log in on every practice host; the public one is beside it, with `.pub`. */
  readonly clientKey: string;
  readonly knownHosts: string;
  /** A random cluster token, for `${file:.practice/token}`. */
  readonly tokenFile: string;
}

/** The directory with what only the fleet itself needs. */
export interface PracticeKeys extends PracticeDirectory {
  readonly authorizedKey: string;
  /** Host keys by host id. */
  readonly hostKeys: ReadonlyMap<string, SshKey>;
}

/** Makes or completes `.practice` in `folder`: what exists is used again, host keys included. */
export async function openDirectory(folder: string, hosts: readonly PracticeHostAddress[]): Promise<PracticeKeys> {
  const path = join(folder, '.practice');
  await mkdir(path, { recursive: true, mode: 0o700 });
  // Keys and token of a fleet are worthless elsewhere, but nothing of the kind belongs into a repository.
  await ensure(join(path, '.gitignore'), () => '*\n', 0o644);
  const clientKey = join(path, 'id_ed25519');
  const publicKey = `${clientKey}.pub`;
  const tokenFile = join(path, 'token');
  let made: SshKey | undefined;
  await ensure(clientKey, () => (made = createSshKey('k3s-ha practice')).private, 0o600);
  if (made !== undefined) await writeFile(publicKey, `${made.public} k3s-ha practice\n`);
  await ensure(tokenFile, () => `${randomBytes(16).toString('hex')}\n`, 0o600);
  const authorizedKey = (await readFile(publicKey, 'utf8')).trim().split(' ').slice(0, 2).join(' ');
  const hostKeys = await openHostKeys(join(path, 'host_keys.json'), hosts);
  const knownHosts = join(path, 'known_hosts');
  const lines = hosts.map((host) => `${knownHostsName(host.address, host.sshPort)} ${hostKeys.get(host.id)?.public ?? ''}`);
  const names = new Set(hosts.map((host) => knownHostsName(host.address, host.sshPort)));
  const others = (await readIfThere(knownHosts)).split('\n').filter((line) => line !== '' && !names.has(line.split(' ')[0] ?? ''));
  await writeFile(knownHosts, [...others, ...lines].map((line) => `${line}\n`).join(''));
  return { path, clientKey, knownHosts, tokenFile, authorizedKey, hostKeys };
}

async function openHostKeys(path: string, hosts: readonly PracticeHostAddress[]): Promise<Map<string, SshKey>> {
  const text = await readIfThere(path);
  const keys = new Map<string, SshKey>(text === '' ? [] : Object.entries(JSON.parse(text) as Record<string, SshKey>));
  const missing = hosts.filter((host) => !keys.has(host.id));
  for (const host of missing) keys.set(host.id, createSshKey(host.id));
  if (missing.length > 0) await writeFile(path, `${JSON.stringify(Object.fromEntries(keys), undefined, 2)}\n`, { mode: 0o600 });
  return keys;
}

async function ensure(path: string, content: () => string, mode: number): Promise<void> {
  if ((await readIfThere(path)) === '') await writeFile(path, content(), { mode });
  await chmod(path, mode);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
