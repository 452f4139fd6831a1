import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drainNginx } from '../../../src/core/remote/nginxDrain';
import { shellHost, type ShellHost } from '../../support/shellHost';

const SERVER = { address: '10.0.0.12', port: 6443 };

describe.each(['/bin/dash', '/bin/bash'])('requests that nginx still has at a server under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    // A clock that moves with every look, so that no test waits.
    host.program(
      'date',
      'n=$(cat "$HOST/clock" 2>/dev/null || echo 0); echo $((n + 1)) > "$HOST/clock"; echo $((n / 4))',
    );
    host.program('sleep', 'exit 0');
  });
  afterEach(() => host.remove());

  /** `open`: at how many looks nginx has a connection; k3s on the same machine always has one. */
  const ss = (open: number): void =>
    host.program(
      'ss',
      `echo "$*" >> "$HOST/looks"
echo 'ESTAB 0 0 10.0.0.11:40000 10.0.0.12:6443 users:(("k3s-server",pid=7,fd=9))'
if [ $(wc -l < "$HOST/looks") -le ${open} ]; then echo 'ESTAB 0 0 10.0.0.11:40001 10.0.0.12:6443 users:(("nginx",pid=8,fd=9))'; fi
`,
    );
  const drain = async (): Promise<string[]> => {
    const command = drainNginx(SERVER);
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: undefined });
    return readFileSync(join(host.folder, 'looks'), 'utf8').trim().split('\n');
  };

  it('are waited for, and those of others are not', async () => {
    ss(2);
    expect(await drain()).toEqual(Array.from({ length: 3 }, () => '-Htnp state connected dst 10.0.0.12 dport = :6443'));
  });

  it('are not waited for longer than three seconds: a watch runs for hours', async () => {
    ss(1000);
    const looks = await drain();
    expect(looks.length).toBeGreaterThan(8);
    expect(looks.length).toBeLessThan(16);
  });

  it('are given all of the time where nobody can tell', async () => {
    host.program('ss', 'echo "$*" >> "$HOST/looks"; exit 127');
    expect((await drain()).length).toBeGreaterThan(8);
  });
});
