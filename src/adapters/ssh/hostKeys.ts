import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Log } from '../../engine/ports';
import type { Hop } from './hops';
import { entriesFor, hashHostName, knownHostName, parseKnownHosts, type KnownHost } from './knownHosts';
import type { Vault } from './vault';

/** Decides whether a server is the one it claims to be, the way ssh does with known_hosts. */
export interface HostKeys {
  /** Signature algorithms to offer: those of keys already known for this server first, or a second key would look unknown. */
  algorithms(hop: Hop): Promise<string[]>;
  /**
   * Accepts a known key, asks about an unknown one, refuses a changed or revoked one.
   * `remember` writes an accepted key down; call it when the server has proved that it owns the key.
   */
  verify(hop: Hop, blob: Buffer): Promise<Result<{ readonly remember: () => Promise<void> }, Problem>>;
}

/** ssh2's list, without a cipher in sight. `ssh-rsa` stays last: SHA-1 signatures only for servers that know nothing else. */
const ALGORITHMS: readonly string[] = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];

export function createHostKeys(vault: Vault, log: Log): HostKeys {
  const files = new Map<string, { readonly stamp: string; readonly entries: readonly KnownHost[] }>();
  /** Questions being asked, so that parallel connections to one new server ask once. */
  const asking = new Map<string, Promise<'accept' | 'reject'>>();
  const trusted = new Set<string>();
  let lastWrite: Promise<void> = Promise.resolve();

  const readFileEntries = async (file: string): Promise<readonly KnownHost[]> => {
    const info = await stat(file).catch(() => undefined);
    if (info === undefined || !info.isFile()) return [];
    const stamp = `${info.mtimeMs}:${info.size}:${info.ino}`;
    const cached = files.get(file);
    if (cached?.stamp === stamp) return cached.entries;
    const entries = parseKnownHosts(await readFile(file, 'utf8').catch(() => ''), file);
    files.set(file, { stamp, entries });
    return entries;
  };

  const readEntries = async (hop: Hop): Promise<readonly KnownHost[]> =>
    (await Promise.all([...hop.knownHostsFiles, ...hop.globalKnownHostsFiles].map(readFileEntries))).flat();

  const ask = async (hop: Hop, name: string, keyType: string, fingerprint: string): Promise<'accept' | 'reject'> => {
    const id = `${name} ${fingerprint}`;
    if (trusted.has(id)) return 'accept';
    const question = asking.get(id) ?? vault.confirm({ host: hop.host, port: hop.port, keyType, fingerprint }).finally(() => asking.delete(id));
    asking.set(id, question);
    const answer = await question;
    if (answer === 'accept') trusted.add(id);
    return answer;
  };

  return {
    async algorithms(hop) {
      const types = new Set(entriesFor(await readEntries(hop), nameOf(hop)).filter((entry) => entry.marker === undefined).map((entry) => entry.keyType));
      const isKnown = (algorithm: string): boolean => types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm);
      return [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((algorithm) => !isKnown(algorithm))];
    },

    async verify(hop, blob) {
      const name = nameOf(hop);
      const entries = await readEntries(hop);
      const keyType = blob.toString('utf8', 4, 4 + blob.readUInt32BE(0));
      const key = blob.toString('base64');
      const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
      const matching = entriesFor(entries, name);

      const revoked = matching.find((entry) => entry.marker === 'revoked' && entry.key === key);
      if (revoked !== undefined) return err(revokedProblem(hop, revoked, fingerprint));
      const plain = matching.filter((entry) => entry.marker === undefined);
      if (plain.some((entry) => entry.key === key)) return ok({ remember: nothing });
      if (plain.length > 0) return err(changedProblem(hop, name, plain, keyType, fingerprint));
      // ssh also accepts a key that is known for the bare name when the port is not 22.
      if (name !== hop.host && entriesFor(entries, hop.host.toLowerCase()).some((entry) => entry.marker === undefined && entry.key === key)) return ok({ remember: nothing });

      const authority = matching.find((entry) => entry.marker === 'cert-authority');
      if (authority !== undefined) log.warn(`${authority.file}:${authority.line} trusts ${hop.label} through a certificate authority. Host certificates cannot be checked here, so the plain host key decides.`);
      if (hop.strictHostKeyChecking === 'yes') return err(rejectedProblem(hop, keyType, fingerprint, 'StrictHostKeyChecking is "yes" in ssh_config, and known_hosts has no key of this host.'));
      const answer = hop.strictHostKeyChecking === 'accept-new' ? 'accept' : await ask(hop, name, keyType, fingerprint);
      if (answer === 'reject') return err(rejectedProblem(hop, keyType, fingerprint, 'The key is unknown and was not accepted.'));
      return ok({ remember: () => (lastWrite = lastWrite.then(() => remember(hop, name, keyType, key))) });
    },
  };

  /** A key that cannot be written stays trusted while this program runs; the connection does not fail for it. */
  async function remember(hop: Hop, name: string, keyType: string, key: string): Promise<void> {
    const file = hop.knownHostsFiles[0];
    if (file === undefined || file === '/dev/null') return;
    try {
      if ((await readEntries(hop)).some((entry) => entry.key === key && entriesFor([entry], name).length > 0)) return;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const present = await readFile(file, 'utf8').catch(() => '');
      const separator = present === '' || present.endsWith('\n') ? '' : '\n';
      const host = hop.hashKnownHosts ? hashHostName(name, randomBytes(20)) : name;
      await appendFile(file, `${separator}${host} ${keyType} ${key}\n`, { mode: 0o600 });
      log.info(`The host key of ${hop.label} was added to ${file}.`);
    } catch (error) {
      log.warn(`The accepted host key of ${hop.label} could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function nameOf(hop: Hop): string {
  return hop.hostKeyAlias?.toLowerCase() ?? knownHostName(hop.host, hop.port);
}

const nothing = (): Promise<void> => Promise.resolve();

function changedProblem(hop: Hop, name: string, known: readonly KnownHost[], keyType: string, fingerprint: string): Problem {
  const entry = known.find((candidate) => candidate.keyType === keyType) ?? known[0];
  const place = entry === undefined ? '' : `${entry.file}:${entry.line}`;
  const difference = entry?.keyType === keyType ? `has a different ${keyType} key` : `has a ${entry?.keyType ?? ''} key`;
  return problem('ssh-host-key-changed', `The host key of ${hop.label} has changed, so nothing was sent to it.`, {
    why: `The server shows ${keyType} ${fingerprint}, but ${place} ${difference} for it. The machine was installed anew, its address now belongs to another machine, or somebody is intercepting the connection.`,
    nextSteps: [
      `Find out on the machine's own console whether the new key is its key: \`ssh-keygen -lf /etc/ssh/ssh_host_${shortType(keyType)}_key.pub\`.`,
      `If it is, remove the old key: \`ssh-keygen -R '${name}' -f '${entry?.file ?? ''}'\`, then connect again.`,
    ],
  });
}

function revokedProblem(hop: Hop, entry: KnownHost, fingerprint: string): Problem {
  return problem('ssh-host-key-revoked', `The host key of ${hop.label} is marked as revoked, so nothing was sent to it.`, {
    why: `${entry.file}:${entry.line} revokes ${entry.keyType} ${fingerprint}.`,
    nextSteps: ['Give the host new host keys, or ask whoever maintains the known_hosts file why the key was revoked.'],
  });
}

function rejectedProblem(hop: Hop, keyType: string, fingerprint: string, why: string): Problem {
  return problem('ssh-host-key-rejected', `The host key of ${hop.label} is not trusted, so nothing was sent to it.`, {
    why: `${why} The server shows ${keyType} ${fingerprint}.`,
    nextSteps: [
      `Compare the fingerprint with the one that the machine itself prints: \`ssh-keygen -lf /etc/ssh/ssh_host_${shortType(keyType)}_key.pub\`.`,
      'Connect again and accept the key, or add it to known_hosts.',
    ],
  });
}

function shortType(keyType: string): string {
  return keyType.includes('ed25519') ? 'ed25519' : keyType.includes('ecdsa') ? 'ecdsa' : 'rsa';
}
