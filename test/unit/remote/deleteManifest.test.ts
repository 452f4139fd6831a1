import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressState } from '../../../src/core/remote/addressState';
import { deleteManifest } from '../../../src/core/remote/deleteManifest';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('What K3s made of a manifest, under %s', (shell) => {
  let host: ShellHost;
  let manifest: string;
  beforeEach(() => {
    host = shellHost(shell);
    host.program(
      'k3s',
      'echo "$*" >> "$HOST/asked"; [ ! -f "$HOST/refused" ] || { echo "error: timed out" >&2; exit 1; }\n',
    );
    manifest = join(host.folder, 'metrics.v2.yaml');
    mkdirSync(join(host.folder, 'state'));
  });
  afterEach(() => host.remove());

  const put = (name: string, text = ''): void => writeFileSync(join(host.folder, name), text);
  const asked = (): string =>
    existsSync(join(host.folder, 'asked')) ? readFileSync(join(host.folder, 'asked'), 'utf8') : '';
  function lay(text: string, placed = text): void {
    put('metrics.v2.yaml', text);
    put('state/placed', `${createHash('sha256').update(placed).digest('hex')} live ${manifest}\n`);
  }
  async function remove() {
    const command = deleteManifest(manifest);
    return command.parse(await host.run(command));
  }

  it('is deleted with its AddOn, by the file itself', async () => {
    lay('kind: Pod\n');
    expect(await remove()).toEqual({ ok: true, value: 'deleted' });
    expect(asked()).toBe(
      'kubectl delete addons.k3s.cattle.io metrics.v2 --namespace kube-system --ignore-not-found --timeout=60s\n' +
        `kubectl delete -f ${manifest} --ignore-not-found --timeout=120s\n`,
    );
  });

  it('stays when the file is gone, or somebody has changed it', async () => {
    expect(await remove()).toEqual({ ok: true, value: 'absent' });
    lay('kind: Pod\n', 'kind: Service\n');
    expect(await remove()).toEqual({ ok: true, value: 'changed' });
    expect(asked()).toBe('');
  });

  it('is told when kubectl cannot delete it', async () => {
    lay('kind: Pod\n');
    put('refused');
    expect(await remove()).toMatchObject({
      ok: false,
      error: {
        code: 'manifest-not-deleted',
        message: 'What K3s made of metrics.v2.yaml could not be deleted',
        why: 'error: timed out',
      },
    });
  });

  it('is asked for the address by name, and tells where it is', async () => {
    host.program('ip', '[ ! -f "$HOST/address" ] || echo "2: eth0    inet $5/32 scope global eth0"\n');
    host.program('k3s', 'echo "$*" >> "$HOST/asked"; printf ok\n');
    const ask = async () => addressState('fd00::100', 6443).parse(await host.run(addressState('fd00::100', 6443)));
    expect(await ask()).toEqual({ ok: true, value: { here: false, silence: '' } });
    put('address');
    host.program('k3s', 'echo "Unable to connect to the server: refused" >&2; exit 1\n');
    expect(await ask()).toEqual({
      ok: true,
      value: { here: true, silence: 'Unable to connect to the server: refused' },
    });
    expect(asked()).toContain('--server https://[fd00::100]:6443 --tls-server-name kubernetes');
  });
});
