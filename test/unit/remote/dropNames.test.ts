import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropNames } from '../../../src/core/remote/dropNames';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('names of the certificate under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program(
      'k3s',
      `case "$*" in
*' get secret '*) printf '%s\\n' '::1 listener.cattle.io/cn-__1-f16284' 'old.example listener.cattle.io/cn-old.example' 'old.example other/thing' 'SHA1=AA listener.cattle.io/fingerprint';;
*) echo "$*" >> "$HOST/annotated";;
esac`,
    );
  });
  afterEach(() => host.remove());

  it('are taken out by the keys that K3s made of them; one that is not there is passed over', async () => {
    const command = dropNames(['old.example', 'gone.example', '::1', 'SHA1=AA']);
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: undefined });
    const lines = readFileSync(join(host.folder, 'annotated'), 'utf8').trim().split('\n');
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual([
      'listener.cattle.io/cn-old.example-',
      'listener.cattle.io/cn-__1-f16284-',
    ]);
  });

  it('stay when the list cannot be read', async () => {
    host.program('k3s', 'echo "Error from server: timed out" >&2; exit 1');
    const command = dropNames(['old.example']);
    expect(command.parse(await host.run(command))).toMatchObject({ error: { code: 'names-not-dropped' } });
    expect(existsSync(join(host.folder, 'annotated'))).toBe(false);
  });
});
