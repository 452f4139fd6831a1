import { createHash, randomBytes } from 'node:crypto';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Log } from '../../engine/ports';
import { chooseAlgorithms, type Algorithms } from './algorithms';
import type { Hop } from './hops';
import { changedProblem, rejectedProblem, revokedProblem, type ShownKey } from './hostKeyProblems';
import { judge, nameOf, plain, vouchedKeys, type KeyLists } from './hostKeyVerdict';
import { isKnownHostsField } from './hostName';
import { entriesFor, hashHostName } from './knownHosts';
import { appendKnownHost, createKnownHostsFiles } from './knownHostsFiles';
import type { OpenSsh } from './openSsh';
import { revokingFile } from './revokedKeys';
import type { Vault } from './vault';

/** Decides whether a server is the one it claims to be, the way ssh does with known_hosts. */
export interface HostKeys {
  /** Algorithms to offer: those of ssh_config, keys already known for this server first, or a second key would look unknown. */
  algorithms(hop: Hop): Promise<Result<Algorithms, Problem>>;
  /**
   * Accepts a known key, asks about an unknown one, refuses a changed or revoked one.
   * `remember` writes an accepted key down; call it when the server has proved that it owns the key.
   */
  verify(hop: Hop, blob: Buffer): Promise<Result<{ readonly remember: () => Promise<void> }, Problem>>;
  /** A problem when a list that a person or the cluster file names revokes the key with this fingerprint. */
  revokedIn(hop: Hop, fingerprint: string): Promise<Result<void, Problem>>;
  /**
   * Keys for which only the cluster file's known_hosts vouches, so that a person can be asked once about all of them.
   * Empty when ssh_config lets nobody decide (StrictHostKeyChecking yes) and when a list cannot be read; {@link verify} tells why.
   */
  vouched(hop: Hop): Promise<readonly VouchedKey[]>;
}

export interface VouchedKey extends ShownKey {
  /** The known_hosts that the cluster file names. */
  readonly file: string;
}

interface Dependencies {
  readonly vault: Vault;
  readonly log: Log;
  readonly openSsh: OpenSsh;
  /** Whether the person has agreed to a vouched key of this hop; it is accepted then, and written nowhere. */
  readonly isAgreed?: (hop: Hop, fingerprint: string) => boolean;
}

export function createHostKeys({ vault, log, openSsh, isAgreed = () => false }: Dependencies): HostKeys {
  const files = createKnownHostsFiles();
  /** Questions being asked, so that parallel connections to one new server ask once. */
  const asking = new Map<string, Promise<'accept' | 'reject'>>();
  const trusted = new Set<string>();
  let lastWrite: Promise<void> = Promise.resolve();

  const readLists = async (hop: Hop): Promise<Result<KeyLists, Problem>> => {
    const own = await files.read([...hop.knownHostsFiles, ...hop.globalKnownHostsFiles]);
    if (!own.ok) return own;
    const ofClusterFile = await files.read(hop.fileKnownHosts);
    return ofClusterFile.ok ? ok({ own: own.value, ofClusterFile: ofClusterFile.value }) : ofClusterFile;
  };

  const ask = async (
    hop: Hop,
    { keyType, fingerprint }: ShownKey,
    vouchedBy: string | undefined,
  ): Promise<'accept' | 'reject'> => {
    const id = `${nameOf(hop)} ${fingerprint}`;
    if (trusted.has(id)) return 'accept';
    const rememberedIn = writableFile(hop);
    const more = {
      ...(rememberedIn === undefined ? {} : { rememberedIn }),
      ...(vouchedBy === undefined ? {} : { vouchedBy }),
    };
    const question =
      asking.get(id) ??
      vault.confirm({ host: hop.host, port: hop.port, keyType, fingerprint, ...more }).finally(() => asking.delete(id));
    asking.set(id, question);
    const answer = await question;
    if (answer === 'accept') trusted.add(id);
    return answer;
  };

  return {
    async algorithms(hop) {
      const chosen = chooseAlgorithms(hop.algorithms, hop.label);
      if (!chosen.ok) return chosen;
      const lists = await readLists(hop);
      if (!lists.ok) return lists;
      const own = plain(entriesFor(lists.value.own, nameOf(hop)));
      const known = own.length > 0 ? own : plain(entriesFor(lists.value.ofClusterFile, nameOf(hop)));
      const types = new Set(known.map((entry) => entry.keyType));
      const isKnown = (algorithm: string): boolean =>
        types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm);
      const { serverHostKey } = chosen.value;
      return ok({
        ...chosen.value,
        serverHostKey: [...serverHostKey.filter(isKnown), ...serverHostKey.filter((name) => !isKnown(name))],
      });
    },

    async verify(hop, blob) {
      const keyType = blob.toString('utf8', 4, 4 + blob.readUInt32BE(0));
      const key = blob.toString('base64');
      const shown: ShownKey = { keyType, fingerprint: fingerprintOf(blob) };
      const revoking = await revokingFile(hop.revokedHostKeysFiles, keyType, key, openSsh);
      if (!revoking.ok) return revoking;
      if (revoking.value !== undefined) return err(revokedProblem(hop, revoking.value, shown));
      const lists = await readLists(hop);
      if (!lists.ok) return lists;
      const verdict = judge(key, hop, lists.value);
      if (verdict.kind === 'known') return ok({ remember: nothing });
      if (verdict.kind === 'revoked')
        return err(revokedProblem(hop, `${verdict.entry.file}:${verdict.entry.line}`, shown));
      if (verdict.kind === 'changed') return err(changedProblem(hop, verdict.entries, shown));

      const authority = entriesFor(lists.value.own, nameOf(hop)).find((entry) => entry.marker === 'cert-authority');
      if (authority !== undefined)
        log.warn(
          `${authority.file}:${authority.line} trusts ${hop.label} through a certificate authority. Host certificates cannot be checked here, so the plain host key decides.`,
        );
      if (hop.strictHostKeyChecking === 'yes')
        return err(
          rejectedProblem(
            hop,
            shown,
            'StrictHostKeyChecking is "yes" in ssh_config, and your known_hosts has no key of this host.',
          ),
        );
      if (verdict.kind === 'vouched' && isAgreed(hop, shown.fingerprint)) return ok({ remember: nothing });
      const answer =
        hop.strictHostKeyChecking === 'accept-new'
          ? 'accept'
          : await ask(hop, shown, verdict.kind === 'vouched' ? verdict.entry.file : undefined);
      if (answer === 'reject') return err(rejectedProblem(hop, shown, 'The key is unknown and was not accepted.'));
      return ok({ remember: () => (lastWrite = lastWrite.then(() => remember(hop, keyType, key))) });
    },

    async revokedIn(hop, fingerprint) {
      const lists = await readLists(hop);
      if (!lists.ok) return lists;
      const entry = entriesFor([...lists.value.own, ...lists.value.ofClusterFile], nameOf(hop)).find(
        ({ marker, key }) => marker === 'revoked' && fingerprintOf(Buffer.from(key, 'base64')) === fingerprint,
      );
      return entry === undefined
        ? ok(undefined)
        : err(revokedProblem(hop, `${entry.file}:${entry.line}`, { keyType: entry.keyType, fingerprint }));
    },

    async vouched(hop) {
      const lists = hop.strictHostKeyChecking === 'yes' ? undefined : await readLists(hop);
      if (lists?.ok !== true) return [];
      return vouchedKeys(hop, lists.value).map(({ keyType, key, file }) => ({
        keyType,
        fingerprint: fingerprintOf(Buffer.from(key, 'base64')),
        file,
      }));
    },
  };

  /** A key that cannot be written stays trusted while this program runs; the connection does not fail for it. */
  async function remember(hop: Hop, keyType: string, key: string): Promise<void> {
    const file = writableFile(hop);
    const name = nameOf(hop);
    if (file === undefined) return;
    try {
      const own = await files.read([...hop.knownHostsFiles, ...hop.globalKnownHostsFiles]);
      if (own.ok && entriesFor(own.value, name).some((entry) => entry.key === key)) return;
      const host = hop.hashKnownHosts ? hashHostName(name, randomBytes(20)) : name;
      await appendKnownHost(file, `${host} ${keyType} ${key}`);
      log.info(`The host key of ${hop.label} was added to ${file}.`);
    } catch (error) {
      log.warn(
        `The accepted host key of ${hop.label} could not be written to ${file}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** The file of the person that takes new keys; undefined when ssh_config keeps none, or the name would not be one in it. */
function writableFile(hop: Hop): string | undefined {
  const file = hop.knownHostsFiles[0];
  return file === '/dev/null' || !isKnownHostsField(nameOf(hop)) ? undefined : file;
}

/** `SHA256:…` of a public key, as OpenSSH prints it. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

const nothing = (): Promise<void> => Promise.resolve();
