import { createPrivateKey } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access } from 'node:fs/promises';
import { utils, type ParsedKey } from 'ssh2';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { shellWord } from '../../core/remote/shell';
import { openPlainFile, readPlainFile } from '../files/plainFile';
import { isInside } from '../files/realPath';
import type { Hop, IdentityFile } from './hops';
import type { Vault } from './vault';

/** A key file. The public half is known without a passphrase wherever the format allows it, so that a passphrase is only asked for a key that the server accepts. */
export interface Identity {
  readonly path: string;
  /** Binary public key; undefined when only the decrypted file tells it. */
  readonly publicBlob?: Buffer;
  unlock(hop: Hop): Promise<Result<ParsedKey, Problem>>;
}

export interface Identities {
  /** The usable key files of a hop in order, and what is wrong with the others. */
  read(hop: Hop): Promise<{
    readonly identities: readonly Identity[];
    readonly publicOnly: readonly Buffer[];
    readonly problems: readonly Problem[];
  }>;
}

type Entry =
  | { readonly kind: 'private'; readonly identity: Identity }
  | { readonly kind: 'public'; readonly blob: Buffer }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'absent' };

export function createIdentities(vault: Vault): Identities {
  /** Decrypting takes up to half a second of the main thread, so a key is decrypted once however many hosts use it. */
  const unlocked = new Map<string, Promise<Result<ParsedKey, Problem>>>();

  const unlockOnce = (
    id: string,
    unlock: () => Promise<Result<ParsedKey, Problem>>,
  ): Promise<Result<ParsedKey, Problem>> => {
    const existing = unlocked.get(id);
    if (existing !== undefined) return existing;
    const result = unlock().then((key) => {
      if (!key.ok) unlocked.delete(id);
      return key;
    });
    unlocked.set(id, result);
    return result;
  };

  const readOne = async ({ path, explicit, inside }: IdentityFile): Promise<Entry> => {
    if (inside !== undefined && !(await isInside(inside, path)))
      return {
        kind: 'problem',
        problem: unreadable(path, `It leads out of ${inside}; a link there must not choose another key.`),
      };
    const publicBlob = await readPublic(`${path}.pub`);
    const read = await readKeyFile(path);
    if (!read.ok) return { kind: 'problem', problem: unreadable(path, read.error) };
    if (read.value === undefined) {
      if (publicBlob !== undefined) return { kind: 'public', blob: publicBlob };
      return explicit ? { kind: 'problem', problem: unreadable(path, 'The file does not exist.') } : { kind: 'absent' };
    }
    const { text, info } = read.value;
    const asPublic = text.includes('PRIVATE KEY') || text.startsWith('PuTTY') ? undefined : parsePublic(text);
    if (asPublic !== undefined) return { kind: 'public', blob: asPublic };
    if (process.platform !== 'win32' && info.uid === process.getuid?.() && (info.mode & 0o077) !== 0)
      return { kind: 'problem', problem: unprotected(path, info.mode) };

    const plain = parsePrivate(text, undefined);
    const blob = embeddedPublic(text) ?? publicBlob;
    const type = blob?.toString('utf8', 4, 4 + blob.readUInt32BE(0));
    if (type?.startsWith('sk-') === true) return { kind: 'problem', problem: securityKey(path) };
    const stamp = `${path}:${info.mtimeMs}:${info.size}`;
    if (plain.kind === 'key')
      return {
        kind: 'private',
        identity: { path, publicBlob: plain.key.getPublicSSH(), unlock: () => Promise.resolve(ok(plain.key)) },
      };
    if (plain.kind === 'bad') return { kind: 'problem', problem: unsupported(path, plain.reason) };
    return {
      kind: 'private',
      identity: {
        path,
        ...(blob === undefined ? {} : { publicBlob: blob }),
        unlock: (hop) => unlockOnce(`${stamp}:${hop.passphrase ?? ''}`, () => decrypt(path, text, hop)),
      },
    };
  };

  const decrypt = async (path: string, text: string, hop: Hop): Promise<Result<ParsedKey, Problem>> => {
    if (hop.passphrase !== undefined) {
      const passphrase = await vault.resolve(hop.passphrase);
      if (!passphrase.ok) return passphrase;
      const key = parsePrivate(text, passphrase.value);
      if (key.kind === 'key') {
        await vault.worked(hop.passphrase);
        return ok(key.key);
      }
      vault.refused(hop.passphrase);
    }
    const id = `key-passphrase:${path}`;
    const answer = await vault.ask({ kind: 'key-passphrase', id, prompt: `Passphrase of the SSH key ${path}` });
    if (answer === undefined)
      return err(hop.passphrase === undefined ? passphraseMissing(path) : passphraseWrong(path));
    const key = parsePrivate(text, answer);
    if (key.kind === 'key') return ok(key.key);
    vault.forget(id);
    return err(key.kind === 'bad' ? unsupported(path, key.reason) : passphraseWrong(path));
  };

  return {
    async read(hop) {
      const entries = await Promise.all(hop.identityFiles.map(readOne));
      const certificates = await Promise.all(
        [...hop.certificateFiles, ...hop.identityFiles.map(({ path }) => `${path}-cert.pub`)].map((path) =>
          access(path).then(
            () => [path],
            () => [],
          ),
        ),
      );
      return {
        identities: entries.flatMap((entry) => (entry.kind === 'private' ? [entry.identity] : [])),
        publicOnly: entries.flatMap((entry) => (entry.kind === 'public' ? [entry.blob] : [])),
        problems: [
          ...entries.flatMap((entry) => (entry.kind === 'problem' ? [entry.problem] : [])),
          ...certificates.flat().map(certificate),
        ],
      };
    },
  };
}

type PrivateKey =
  | { readonly kind: 'key'; readonly key: ParsedKey }
  | { readonly kind: 'locked' }
  | { readonly kind: 'bad'; readonly reason: string };

function parsePrivate(text: string, passphrase: string | undefined): PrivateKey {
  const pkcs8 = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.exec(text);
  if (pkcs8?.[1] !== undefined && passphrase === undefined) return { kind: 'locked' };
  const parsed = utils.parseKey(pkcs8 === null ? text : fromPkcs8(text, passphrase), passphrase);
  if (!(parsed instanceof Error))
    return parsed.isPrivateKey() ? { kind: 'key', key: parsed } : { kind: 'bad', reason: 'It holds no private key.' };
  // A wrong passphrase shows as garbage: a failed check, a failed decryption or a structure that makes no sense.
  const locked =
    passphrase === undefined ? /no passphrase given/.test(parsed.message) : /^-----BEGIN|^PuTTY/.test(text.trim());
  return locked ? { kind: 'locked' } : { kind: 'bad', reason: parsed.message };
}

/** ssh2 reads PKCS#1 and SEC1 but not PKCS#8, which OpenSSL 3 writes; the text comes back unchanged when it cannot be read. */
function fromPkcs8(text: string, passphrase: string | undefined): string {
  try {
    const key = createPrivateKey({ key: text, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
    return key.export({ type: key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1', format: 'pem' }).toString();
  } catch {
    return text;
  }
}

/** A key file with what the system says about it; undefined when there is none. A pipe or device is refused, not waited for. */
async function readKeyFile(
  path: string,
): Promise<Result<{ readonly text: string; readonly info: Stats } | undefined, string>> {
  const opened = await openPlainFile(path, 'read', { links: 'follow' });
  if (!opened.ok) return err(opened.error.why);
  const file = opened.value;
  if (file === undefined) return ok(undefined);
  try {
    const info = await file.stat();
    return info.size > MAX_KEY_BYTES
      ? err(`It is larger than ${MAX_KEY_BYTES / 1024} KiB.`)
      : ok({ text: await file.readFile('utf8'), info });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  } finally {
    await file.close();
  }
}

/** Far more than any key has. */
const MAX_KEY_BYTES = 2 ** 20;

async function readPublic(path: string): Promise<Buffer | undefined> {
  const read = await readPlainFile(path, { links: 'follow' }, MAX_KEY_BYTES);
  return parsePublic(read.ok ? (read.value ?? '') : '');
}

/** The key of a `type base64 comment` line. */
function parsePublic(text: string): Buffer | undefined {
  const [type, base64] = text.trim().split(/\s+/);
  if (type === undefined || base64 === undefined || !/^[A-Za-z0-9+/=]+$/.test(base64)) return undefined;
  const blob = Buffer.from(base64, 'base64');
  return blob.length > 4 && blob.toString('utf8', 4, 4 + blob.readUInt32BE(0)) === type ? blob : undefined;
}

/** OpenSSH's own format keeps the public key outside the encrypted part (PROTOCOL.key in its sources). */
function embeddedPublic(text: string): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer | undefined => {
    if (at + 4 > data.length) return undefined;
    const length = data.readUInt32BE(at);
    const part = data.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part.length === length ? part : undefined;
  };
  if (next() === undefined || next() === undefined || next() === undefined) return undefined;
  at += 4;
  const blob = next();
  return blob === undefined || blob.length < 5 ? undefined : blob;
}

function unreadable(path: string, why: string): Problem {
  return problem('ssh-key-unreadable', `The SSH key ${path} cannot be read.`, {
    why,
    nextSteps: [
      'Correct `identityFile` in the cluster file or in ~/.ssh/config, or create the key with `ssh-keygen -t ed25519`.',
    ],
  });
}

function unprotected(path: string, mode: number): Problem {
  return problem('ssh-key-unreadable', `The SSH key ${path} is not used because others on this machine can read it.`, {
    why: `Its mode is ${(mode & 0o777).toString(8).padStart(4, '0')}; ssh refuses such a key too.`,
    nextSteps: [`Run \`chmod 600 ${shellWord(path)}\`.`],
  });
}

function unsupported(path: string, reason: string): Problem {
  return problem('ssh-key-unreadable', `The SSH key ${path} has a format that cannot be read.`, {
    why: reason,
    nextSteps: [`Convert it with \`ssh-keygen -p -f ${shellWord(path)}\`, or use an Ed25519 key.`],
  });
}

function securityKey(path: string): Problem {
  return problem('ssh-key-unsupported', `${path} is a hardware security key (FIDO), which is not supported here.`, {
    nextSteps: ['Give the host an additional Ed25519 key and name it as `identityFile` in the cluster file.'],
  });
}

function certificate(path: string): Problem {
  return problem(
    'ssh-key-unsupported',
    `${path} is an SSH certificate, which is not supported here; only the plain key was offered.`,
    { nextSteps: ['Add the plain public key to authorized_keys of the host.'] },
  );
}

function passphraseWrong(path: string): Problem {
  return problem('ssh-passphrase-wrong', `The passphrase does not open the SSH key ${path}.`, {
    nextSteps: [
      'Correct `ssh.passphrase` in the cluster file or its secret, or add the key to your SSH agent with `ssh-add`.',
    ],
  });
}

function passphraseMissing(path: string): Problem {
  return problem('ssh-passphrase-wrong', `The SSH key ${path} needs a passphrase, and none was given.`, {
    nextSteps: ['Set `ssh.passphrase` to a secret reference, or add the key to your SSH agent with `ssh-add`.'],
  });
}
