import { globSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROBE_SCRIPT } from '../../../src/core/facts/probe';
import { HOST_K3S, ROOT_PATH } from '../../../src/core/remote/hostK3s';
import { installedVersion } from '../../../src/core/remote/installedVersion';
import { apiReady } from '../../../src/core/remote/kubectl';
import { nodeImages } from '../../../src/core/remote/nodeImages';
import type { RemoteScript } from '../../../src/core/remote/remoteCommand';
import { unpackK3s } from '../../../src/core/remote/unpack';
import { shellHost, type ShellHost } from '../../support/shellHost';
import { showUnit, systemctlOn } from '../../support/systemctl';

const FOLDER = join(import.meta.dirname, '../../../src/core/remote');

describe.each(['/bin/dash', '/bin/bash'])('N8: the K3s of a host under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    systemctlOn(host);
    host.program('k3s', 'echo "the wrong k3s" >&2; exit 1');
  });
  afterEach(() => host.remove());

  /** A unit that starts a program of the host; what the program does. */
  function unit(name: string, path: string, text: string): string {
    const place = join(host.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    showUnit(host, name, { ExecStart: `{ path=${place} ; argv[]=${place} server ; ignore_errors=no ; }` });
    return place;
  }

  it('is the program that the unit of a server starts, and not what PATH has', async () => {
    unit('k3s', 'opt/k3s/k3s', '[ "$1 $2" = "kubectl get" ] && printf ok');
    expect(apiReady().parse(await host.run(apiReady()))).toEqual({ ok: true, value: undefined });
  });

  it('is the program that the unit of an agent starts, and gets the folder of its data', async () => {
    unit(
      'k3s-agent',
      'opt/k3s/k3s',
      `case "$1 $K3S_DATA_DIR" in
  ctr*/data) echo "docker.io/a:1 type digest size platform io.cri-containerd.pinned=pinned" ;;
  kubectl*/data) ;;
  --version*) echo "k3s version v1.36.3+k3s1 (866d743e)" ;;
  *) exit 1 ;;
esac`,
    );
    const images = nodeImages('/data', 'k3s-agent', ['docker.io/a:1']);
    expect(images.parse(await host.run(images))).toMatchObject({ ok: true, value: { missing: [] } });
    const unpack = unpackK3s('/data');
    expect(unpack.parse(await host.run(unpack)).ok).toBe(true);
    const version = installedVersion();
    expect(version.parse(await host.run(version))).toEqual({ ok: true, value: 'v1.36.3+k3s1' });
  });

  it.each([
    ['by an argument', 'server --debug --data-dir=/srv/k3s', ''],
    ['by two words', 'server --data-dir /srv/k3s --tls-san=x', ''],
    ['by the short option', 'server -d /srv/k3s', ''],
    ['by a variable', 'server --debug', `K3S_TOKEN='x'\nK3S_DATA_DIR='/srv/k3s'\n`],
  ])(
    'gets the data-dir that its unit gives it %s, or it would unpack all of itself below another one',
    async (_, words, variables) => {
      const place = unit('k3s', 'opt/k3s/k3s', '[ "$K3S_DATA_DIR" = /srv/k3s ] && printf ok');
      showUnit(host, 'k3s', { ExecStart: `{ path=${place} ; argv[]=${place} ${words} ; ignore_errors=no ; }` });
      writeFileSync(host.root('/etc/systemd/system/k3s.service.env'), variables);
      expect(apiReady().parse(await host.run(apiReady())).ok).toBe(true);
    },
  );

  it('gets none where its unit says nothing of it', async () => {
    unit('k3s', 'opt/k3s/k3s', '[ -z "${K3S_DATA_DIR+set}" ] && printf ok');
    expect(apiReady().parse(await host.run(apiReady())).ok).toBe(true);
  });

  it.each([
    ['is a wrapper', 'opt/k3s/start.sh'],
    ['is gone', undefined],
  ])('is what PATH has where the program of the unit %s', async (_, path) => {
    host.program('k3s', 'printf ok');
    if (path === undefined)
      showUnit(host, 'k3s', { ExecStart: '{ path=/nowhere/k3s ; argv[]=/nowhere/k3s server ; }' });
    else unit('k3s', path, 'exit 1');
    expect(apiReady().parse(await host.run(apiReady())).ok).toBe(true);
  });
});

it('N8: is told when a host has none', async () => {
  const host = shellHost('/bin/dash');
  try {
    const output = await host.run(installedVersion());
    expect(installedVersion().parse(output)).toMatchObject({
      ok: false,
      error: { why: expect.stringContaining('k3s: not found: no unit of this host starts it') },
    });
  } finally {
    host.remove();
  }
});

describe('N8: remote scripts', async () => {
  const modules = await Promise.all(
    globSync('*.ts', { cwd: FOLDER }).map(async (file) => Object.values((await import(join(FOLDER, file))) as object)),
  );
  const scripts = [...modules.flat(), PROBE_SCRIPT].filter(
    (value): value is RemoteScript => typeof value === 'object' && value !== null && 'id' in value && 'text' in value,
  );
  const calling = scripts.filter(({ text }) =>
    /(?:^|[\s(;&|])k3s (?:kubectl|ctr|crictl|etcd-snapshot|--version)\b/m.test(text),
  );

  it.each(calling.map(({ id, text }) => [id, text] as const))('%s calls the K3s of the host', (_, text) => {
    expect(text).toContain(HOST_K3S);
  });

  it('are found', () => {
    expect(calling.length).toBeGreaterThanOrEqual(10);
  });

  it('look for programs of root nowhere else, and for K3s in no other way', () => {
    const others = scripts.filter(
      ({ text }) =>
        text.replaceAll(ROOT_PATH, '').includes('PATH=$PATH') ||
        text.replaceAll(HOST_K3S, '').split('command -v k3s').length > 2,
    );
    expect(others.map(({ id }) => id)).toEqual([]);
  });
});
