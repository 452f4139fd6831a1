import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateDates } from '../../../src/core/remote/certificateDates';
import { renewCertificates } from '../../../src/core/remote/renewCertificates';
import { certificateText } from '../../../src/practice/k3s/certificateText';
import { shellHost, type ShellHost } from '../../support/shellHost';

const END = Date.UTC(2027, 10, 12);
const KEY = 'MHcCAQEEIKEYKEYKEY';

describe.each(['/bin/dash', '/bin/bash'])('certificates of a host under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  function put(path: string, text: string): void {
    const place = join(host.folder, 'data', path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  it('are read with their ends, the first of each file and that of the port, without any key', async () => {
    const chain = certificateText(END) + certificateText(END + 999_000_000);
    put('server/tls/client-admin.crt', chain);
    put('server/tls/client-admin.key', `-----BEGIN EC PRIVATE KEY-----\n${KEY}\n-----END EC PRIVATE KEY-----\n`);
    put('server/tls/server-ca.crt', certificateText(1));
    put('server/tls/client-left-behind.crt', certificateText(1));
    put('server/tls/etcd/client.crt', certificateText(END + 1000).replaceAll('\n', '\r\n'));
    put('agent/client-kubelet.crt', certificateText(END + 2000));
    put(
      'server/tls/dynamic-cert.json',
      JSON.stringify({
        data: {
          'tls.crt': Buffer.from(certificateText(END + 3000)).toString('base64'),
          'tls.key': Buffer.from(KEY).toString('base64'),
        },
      }),
    );
    const command = certificateDates(join(host.folder, 'data'));
    const output = await host.run(command);
    expect(output.stdout).not.toContain(KEY);
    expect(output.stdout).not.toContain(Buffer.from(KEY).toString('base64'));
    const read = command.parse(output);
    const found = read.ok ? read.value : [];
    expect(Object.fromEntries(found.map(({ path, ends }) => [path, ends - END]))).toEqual({
      'server/tls/client-admin.crt': 0,
      'server/tls/etcd/client.crt': 1000,
      'agent/client-kubelet.crt': 2000,
      'server/tls/dynamic-cert.json': 3000,
    });
    expect(found.every(({ written }) => Math.abs(Date.now() - written) < 60_000)).toBe(true);
  });

  it('that are nowhere are a problem that names the folder', async () => {
    const command = certificateDates(join(host.folder, 'data'));
    expect(command.parse(await host.run(command))).toMatchObject({
      ok: false,
      error: { code: 'certificates-unreadable', message: expect.stringContaining('/data') as string },
    });
  });

  /** Which units were called how, and when K3s put its certificates away. */
  async function renewed(unit: 'k3s' | 'k3s-agent', k3s: string): Promise<readonly [unknown, string]> {
    host.program('systemctl', `case "$1" in show) echo InvocationID=0a1b;; *) echo "$*" >> "$HOST/called";; esac`);
    host.program('k3s', k3s);
    const command = renewCertificates(unit, '/srv/k3s');
    const parsed = command.parse(await host.run(command));
    const called = await host.run({ ...command, script: { id: 'called', text: 'cat "$HOST/called"' }, args: [] });
    return [parsed, called.stdout];
  }

  it('are put away while the server is stopped', async () => {
    const [parsed, called] = await renewed('k3s', 'echo "k3s $*" >> "$HOST/called"');
    expect(parsed).toEqual({ ok: true, value: { before: '0a1b' } });
    expect(called).toContain('stop k3s\nk3s certificate rotate --data-dir /srv/k3s\n--no-block start k3s\n');
  });

  it('stay when K3s refuses, and the server is started all the same', async () => {
    const [parsed, called] = await renewed('k3s', 'echo "level=info first" >&2; echo "no space left" >&2; exit 1');
    expect(parsed).toEqual({ ok: true, value: { before: '0a1b', refused: 'no space left' } });
    expect(called).toMatch(/--no-block start k3s\n$/);
  });

  it('come to an agent with its restart', async () => {
    const [parsed, called] = await renewed('k3s-agent', 'echo "k3s $*" >> "$HOST/called"');
    expect(parsed).toEqual({ ok: true, value: { before: '0a1b' } });
    expect(called).toMatch(/--no-block restart k3s-agent\n$/);
    expect(called).not.toContain('certificate rotate');
  });
});
