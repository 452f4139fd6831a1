import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotateToken } from '../../../src/core/remote/rotateToken';
import { shellHost, type ShellHost } from '../../support/shellHost';

const OLD = String.raw`old"tok\en`;
const NEW = String.raw`new"tok\en`;

describe.each(['/bin/dash', '/bin/bash'])('a rotation of the token under %s', (shell) => {
  let host: ShellHost;
  let data: string;
  beforeEach(() => {
    host = shellHost(shell);
    data = join(host.folder, 'data');
    mkdirSync(join(data, 'server'), { recursive: true });
    writeFileSync(join(data, 'server/token'), `K10${'a1'.repeat(32)}::server:${OLD}\n`);
  });
  afterEach(() => host.remove());

  /** K3s takes it when curl calls. */
  const taking = (status: number): void =>
    host.program(
      'curl',
      `cat > "$HOST/asked"; printf '%s\\n' "$*" > "$HOST/arguments"
if [ ${status} != 500 ]; then printf '%s' 'K10x::server:${NEW}' > "${data}/server/token"; fi
printf '\\n<<< ${status}\\n'`,
    );

  it('tells both tokens to curl by its standard input alone, and keeps the old one for root', async () => {
    taking(200);
    const command = rotateToken(data, 6443, NEW);
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: undefined });
    const asked = readFileSync(join(host.folder, 'asked'), 'utf8');
    expect(asked).toBe(
      ['user = "server:old\\"tok\\\\en"', String.raw`data = "{\"newToken\":\"new\\\"tok\\\\en\"}"`, ''].join('\n'),
    );
    const written = readFileSync(join(host.folder, 'arguments'), 'utf8');
    expect(written).toContain('-X PUT https://127.0.0.1:6443/v1-k3s/token');
    for (const token of ['tok', OLD, NEW])
      expect(written.replace('/v1-k3s/token', '').replace(data, '')).not.toContain(token);
    expect(host.filesWith(OLD).map((path) => path.slice(path.lastIndexOf('/') + 1))).toEqual(['former-tokens']);
  });

  it('is not asked for again when the server has the new one', async () => {
    taking(200);
    const command = rotateToken(data, 6443, OLD);
    const output = await host.run(command);
    expect(command.parse(output).ok).toBe(true);
    expect(output.stdout).toBe('token=new\n');
  });

  it('is half done when K3s has written it down and not said yes, and stays so until somebody has looked', async () => {
    taking(503);
    const command = rotateToken(data, 6443, NEW);
    for (let turn = 0; turn < 2; turn += 1)
      expect(command.parse(await host.run(command))).toMatchObject({
        ok: false,
        error: { code: 'token-half-rotated' },
      });
  });

  it('fails with the answer when K3s refuses it', async () => {
    taking(500);
    const command = rotateToken(data, 6443, NEW);
    expect(command.parse(await host.run(command))).toMatchObject({ ok: false, error: { code: 'token-not-rotated' } });
  });
});
