import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import { notOurs, openFolder, type KeptFolder } from './keptFolder';
import { createSshKey, knownHostsName, readSshKey, type SshKey } from './ssh/keys';

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

const GITIGNORE = '.gitignore';
const CLIENT_KEY = 'id_ed25519';
const PUBLIC_KEY = 'id_ed25519.pub';
const TOKEN = 'token';
const HOST_KEYS = 'host_keys.json';
const KNOWN_HOSTS = 'known_hosts';
const NAMES = [GITIGNORE, CLIENT_KEY, PUBLIC_KEY, TOKEN, HOST_KEYS, KNOWN_HOSTS] as const;

/**
 * Makes or completes `.practice` in `folder`: what exists is used again, host keys included. Everything is read before
 * anything is written: a repository may have brought the folder along, with links to files that are none of its own.
 */
export async function openDirectory(
  folder: string,
  hosts: readonly PracticeHostAddress[],
): Promise<Result<PracticeKeys, Problem>> {
  const path = join(folder, '.practice');
  const kept = await openFolder(path, NAMES);
  if (!kept.ok) return kept;
  const { text } = kept.value;
  const knownKeys = readHostKeys(text(HOST_KEYS));
  if (knownKeys === undefined)
    return err(
      notOurs(join(path, HOST_KEYS), { why: 'It does not hold host keys as the practice fleet writes them.' }),
    );
  const clientKey = text(CLIENT_KEY) === '' ? createSshKey('k3s-ha practice') : readSshKey(text(CLIENT_KEY));
  if (clientKey === undefined)
    return err(
      notOurs(join(path, CLIENT_KEY), {
        why: 'It is no Ed25519 key without a passphrase, as the practice fleet makes it.',
      }),
    );
  const hostKeys = new Map(hosts.map(({ id }) => [id, knownKeys.get(id) ?? createSshKey(id)]));
  const written = await write(kept.value, clientKey, new Map([...knownKeys, ...hostKeys]), hosts);
  if (!written.ok) return written;
  return ok({
    path,
    clientKey: join(path, CLIENT_KEY),
    knownHosts: join(path, KNOWN_HOSTS),
    tokenFile: join(path, TOKEN),
    authorizedKey: clientKey.public,
    hostKeys,
  });
}

async function write(
  { text, put }: KeptFolder,
  clientKey: SshKey,
  hostKeys: ReadonlyMap<string, SshKey>,
  hosts: readonly PracticeHostAddress[],
): Promise<Result<void, Problem>> {
  const wanted: readonly (readonly [name: string, text: string, mode: number])[] = [
    // Keys and token of a fleet are worthless elsewhere, but nothing of the kind belongs into a repository.
    [GITIGNORE, text(GITIGNORE) || '*\n', 0o644],
    [CLIENT_KEY, text(CLIENT_KEY) || clientKey.private, 0o600],
    [PUBLIC_KEY, `${clientKey.public} k3s-ha practice\n`, 0o644],
    [TOKEN, text(TOKEN) || `${randomBytes(16).toString('hex')}\n`, 0o600],
    [HOST_KEYS, `${JSON.stringify(Object.fromEntries(hostKeys), undefined, 2)}\n`, 0o600],
    [KNOWN_HOSTS, knownHostsText(text(KNOWN_HOSTS), hostKeys, hosts), 0o644],
  ];
  for (const [name, content, mode] of wanted) {
    const done = await put(name, content, mode);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

/** The lines of these hosts, after those of other fleets that use the folder. */
function knownHostsText(
  before: string,
  hostKeys: ReadonlyMap<string, SshKey>,
  hosts: readonly PracticeHostAddress[],
): string {
  const nameOf = ({ address, sshPort }: PracticeHostAddress): string => knownHostsName(address, sshPort);
  const names = new Set(hosts.map(nameOf));
  const others = before.split('\n').filter((line) => line !== '' && !names.has(line.split(' ')[0] ?? ''));
  const lines = hosts.map((host) => `${nameOf(host)} ${hostKeys.get(host.id)?.public ?? ''}`);
  return [...others, ...lines].map((line) => `${line}\n`).join('');
}

/** Host keys by host id, each read as a key; undefined when the text is anything else. */
function readHostKeys(text: string): Map<string, SshKey> | undefined {
  if (text === '') return new Map();
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const keys = Object.entries(data).map(([id, entry]) => [id, keyOf(entry)] as const);
  return keys.every((pair): pair is readonly [string, SshKey] => pair[1] !== undefined) ? new Map(keys) : undefined;
}

function keyOf(entry: unknown): SshKey | undefined {
  const written: unknown =
    typeof entry === 'object' && entry !== null && 'private' in entry ? entry.private : undefined;
  return typeof written === 'string' ? readSshKey(written) : undefined;
}
