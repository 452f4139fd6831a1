import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPackages } from '../../../src/core/remote/packages';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('packages of a distribution under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    for (const manager of ['dnf', 'zypper', 'apk']) host.program(manager, `echo "${manager} $*" >> "$HOST/ran"`);
  });
  afterEach(() => host.remove());

  const read = (path: string): string => {
    const place = join(host.folder, path);
    return existsSync(place) ? readFileSync(place, 'utf8') : '';
  };
  const run = async (manager: string, ...packages: string[]) => {
    const command = installPackages(manager, packages);
    return command.parse(await host.run(command));
  };

  it.each([
    ['dnf', 'dnf install -y --setopt=install_weak_deps=False haproxy socat\n'],
    ['zypper', 'zypper --non-interactive install --no-recommends haproxy socat\n'],
    ['apk', 'apk add haproxy socat\n'],
  ])('are installed by %s without a question', async (manager, ran) => {
    expect(await run(manager, 'haproxy', 'socat')).toEqual({ ok: true, value: undefined });
    expect(read('ran')).toBe(ran);
  });

  it('are written down as ours, beside those of before', async () => {
    await run('dnf', 'socat', 'haproxy');
    await run('dnf', 'keepalived', 'haproxy');
    expect(read('state/balancer-packages')).toBe('haproxy\nkeepalived\nsocat\n');
  });

  it('fail with the reason of the package manager, not with its last words alone', async () => {
    host.program('dnf', `echo 'Error: Unable to find a match: haproxy'; echo 'see the log'; exit 1`);
    expect(await run('dnf', 'haproxy')).toMatchObject({
      ok: false,
      error: { code: 'packages-failed', why: 'Error: Unable to find a match: haproxy' },
    });
    expect(read('state/packages.log')).toContain('Unable to find a match');
  });
});
