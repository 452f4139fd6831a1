import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe } from '../../../src/core/facts/probe';
import { encryptionFacts } from '../../../src/core/facts/encryptionFacts';
import { hostFacts } from '../../../src/core/facts/hostFacts';
import { rotateKeys } from '../../../src/core/remote/rotateKeys';
import { shellHost, type ShellHost } from '../../support/shellHost';

const status = (stage: string, key: string, hashes = 'All hashes match'): string =>
  `Encryption Status: Enabled\\nCurrent Rotation Stage: ${stage}\\nServer Encryption Hashes: ${hashes}\\n\\nActive  Key Type  Name\\n------  --------  ----\\n *      AES-CBC   ${key}\\n        AES-CBC   aescbckey\\n`;

describe.each(['/bin/dash', '/bin/bash'])('the keys of Secrets under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('sleep', '');
  });
  afterEach(() => host.remove());

  /** A K3s that goes through these states, one for each look; `rotates` is what its command does. */
  const going = (rotates: string, ...states: readonly string[]): void =>
    host.program(
      'k3s',
      `if [ "$2" = rotate-keys ]; then ${rotates}; fi
echo x >> "$HOST/looks"
case $(grep -c x "$HOST/looks") in
${states.map((state, i) => `${i === states.length - 1 ? '*' : i + 1}) printf '${state}';;`).join('\n')}
esac`,
    );
  const rotate = async (): Promise<unknown> => {
    const command = rotateKeys('/srv/k3s', 6443);
    return command.parse(await host.run({ ...command, args: [...command.args.slice(0, 2), '9'] }));
  };

  it('are rotated when the state says so, though the command has given up', async () => {
    going(
      'echo "see server log for details" >&2; exit 1',
      status('start', 'aescbckey'),
      status('reencrypt_active', 'aescbckey-new'),
      status('reencrypt_finished', 'aescbckey-new'),
    );
    expect(await rotate()).toEqual({ ok: true, value: 'aescbckey-new' });
  });

  it('are not taken for rotated by the end of an earlier rotation', async () => {
    going('exit 0', status('reencrypt_finished', 'aescbckey-old'));
    expect(await rotate()).toMatchObject({
      error: { code: 'reencryption-unfinished', why: 'stage reencrypt_finished' },
    });
  });

  it('stay when K3s refuses, or servers have different ones', async () => {
    going('echo "level=fatal msg=no" >&2; exit 1', status('start', 'aescbckey'));
    expect(await rotate()).toMatchObject({ error: { code: 'keys-not-rotated', why: 'level=fatal msg=no' } });
    going('exit 0', status('start', 'aescbckey', 'hash does not match between a and b'));
    expect(await rotate()).toMatchObject({
      error: { code: 'encryption-not-ready', why: 'Server Encryption Hashes: hash does not match between a and b' },
    });
  });

  it('are told by a look as a hash, and whether they are used', async () => {
    const cred = join(host.folder, 'data/server/cred');
    mkdirSync(cred, { recursive: true });
    const look = async (text: string): Promise<unknown> => {
      writeFileSync(join(cred, 'encryption-config.json'), text);
      const command = probe(join(host.folder, 'data'), [], [hostFacts, encryptionFacts] as const);
      const output = await host.run(command);
      expect(output.stdout).not.toContain('c2VjcmV0');
      const read = command.parse(output);
      return read.ok ? read.value.encryption : read.error;
    };
    writeFileSync(join(cred, 'encryption-state.json'), 'reencrypt_finished-abc');
    const text =
      '{"resources":[{"providers":[{"aescbc":{"keys":[{"name":"k","secret":"c2VjcmV0"}]}},{"identity":{}}]}]}';
    const hash = createHash('sha256').update(text).digest('hex');
    expect(await look(text)).toMatchObject({ enabled: true, hash, stage: 'reencrypt_finished' });
    expect(await look('{"resources":[{"providers":[{"identity":{}}, {"aescbc":{"keys":[]}}]}]}')).toMatchObject({
      enabled: false,
    });
  });
});
