import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { isKeyOf } from './knownHosts';
import type { OpenSsh } from './openSsh';
import { readKeyFile, unreadable } from './regularFile';

/**
 * The file of RevokedHostKeys that revokes a key, if one does. As with OpenSSH, a file that is missing or cannot be
 * understood refuses every host (ssh_config(5), RevokedHostKeys).
 */
export async function revokingFile(
  files: readonly string[],
  keyType: string,
  key: string,
  openSsh: OpenSsh,
): Promise<Result<string | undefined, Problem>> {
  for (const file of files) {
    const content = await readKeyFile(file);
    if (!content.ok) return content;
    if (content.value === undefined || content.value === 'unchanged')
      return err(unreadable(file, 'RevokedHostKeys names it, and it does not exist.'));
    const { bytes } = content.value;
    const revokes = bytes.subarray(0, KRL_MAGIC.length).equals(KRL_MAGIC)
      ? await askSshKeygen(file, keyType, key, openSsh)
      : listed(bytes.toString('utf8'), key, file);
    if (!revokes.ok) return revokes;
    if (revokes.value) return ok(file);
  }
  return ok(undefined);
}

/** First bytes of a key revocation list (PROTOCOL.krl in the sources of OpenSSH). */
const KRL_MAGIC = Buffer.from('SSHKRL\n\0', 'latin1');

/** A text file has one public key a line, `type base64 comment`. */
function listed(text: string, key: string, file: string): Result<boolean, Problem> {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [type = '', base64 = ''] = line.split(/[ \t]+/);
    if (!isKeyOf(type, base64)) return err(unreadable(file, `Line ${index + 1} is no public key.`));
    if (base64 === key) return ok(true);
  }
  return ok(false);
}

async function askSshKeygen(
  file: string,
  keyType: string,
  key: string,
  openSsh: OpenSsh,
): Promise<Result<boolean, Problem>> {
  const folder = await mkdtemp(join(tmpdir(), 'k3s-ha-key-'));
  try {
    const publicKey = join(folder, 'host.pub');
    await writeFile(publicKey, `${keyType} ${key}\n`);
    const answer = await openSsh.run('ssh-keygen', ['-Q', '-f', file, publicKey]);
    if (answer.kind === 'missing')
      return err(unreadable(file, 'It is a key revocation list, and there is no ssh-keygen to look into it.'));
    if (answer.kind === 'no-answer') return err(unreadable(file, answer.reason));
    const verdict = /: (ok|REVOKED)\s*$/.exec(answer.stdout)?.[1];
    if (verdict === 'REVOKED') return ok(true);
    return verdict === 'ok' && answer.exitCode === 0
      ? ok(false)
      : err(unreadable(file, `ssh-keygen says: ${answer.stderr.trim()}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
