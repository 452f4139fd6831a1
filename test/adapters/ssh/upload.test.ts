import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { ServerChannel } from 'ssh2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { artifactFolder } from '../../../src/adapters/files/artifacts';
import { fileSha256 } from '../../../src/core/remote/fileSha256';
import type { RemoteCommand, RemoteOutput } from '../../../src/core/remote/remoteCommand';
import { uploadFile } from '../../../src/core/remote/upload';
import type { HostTarget } from '../../../src/engine/ports';
import { byteSource } from '../../support/byteSource';
import { startSshd, writeKnownHosts } from './support/sshd';
import { finish, startSsh2Server } from './support/ssh2Server';
import type { UploadJob, UploadReport } from './support/worker';
import {
  CLIENTS,
  createWorkplace,
  eventually,
  failure,
  output,
  shell,
  target,
  timed,
  type Workplace,
} from './support/workplace';

const MB = 1_000_000;

describe.each(CLIENTS)('%s client', (client) => {
  let place: Workplace;
  beforeEach(() => {
    place = createWorkplace(client);
  });
  afterEach(() => place.close());

  async function realServer(config: readonly string[] = []): Promise<HostTarget> {
    const sshd = await startSshd(place, { authorized: [place.key('mine')], config });
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    return target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }, 'server-1');
  }

  /** Root or not, the tests own the folder that they write to. */
  const unelevated = <T>(command: RemoteCommand<T>): RemoteCommand<T> => ({ ...command, sudo: false });

  function remoteFolder(): { readonly folder: string; readonly file: string; readonly there: () => string[] } {
    const folder = join(place.home, 'remote');
    return {
      folder,
      file: join(folder, 'airgap.tar'),
      there: () => (existsSync(folder) ? readdirSync(folder) : []),
    };
  }

  /** Runs an upload in a process of its own, where nothing else takes or gives back memory. */
  async function uploadAlone(job: UploadJob): Promise<UploadReport> {
    const program = join(place.home, 'upload.cjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'support/worker.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['cpu-features', '*.node'],
      outfile: program,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(job)]);
    return JSON.parse(stdout) as UploadReport;
  }

  test('600 MB arrive unchanged and never stand in memory', { timeout: 180_000 }, async () => {
    const at = await realServer();
    const { file, there } = remoteFolder();
    const report = await uploadAlone({
      home: place.home,
      port: at.ssh.port ?? 22,
      identityFile: 'mine',
      client,
      path: file,
      bytes: 600 * MB,
    });
    expect(report.outcome).toBe('done');
    expect(report.growth / MB).toBeLessThan(32);
    expect(await place.hosts().run(at, unelevated(fileSha256(file)))).toEqual({
      kind: 'done',
      value: { sha256: report.sha256, mode: '0640' },
    });
    expect(there()).toEqual(['airgap.tar']);
  });

  test('progress is told a few times a second, and the end once', async () => {
    const at = await realServer();
    const reports: { readonly at: number; readonly bytes: number }[] = [];
    const source = byteSource(8 * MB, { before: () => sleep(40) });
    const { ms, value } = await timed(
      place.hosts().run(at, shell('cat >/dev/null', { stdin: source }), {
        onSent: (bytes) => reports.push({ at: performance.now(), bytes }),
      }),
    );
    output(value);
    expect(reports.filter(({ bytes }) => bytes === 8 * MB)).toHaveLength(1);
    const bytes = reports.map((report) => report.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(reports.length).toBeGreaterThanOrEqual(3);
    expect(reports.length).toBeLessThanOrEqual(ms / 250 + 2);
  });

  test('a cancelled upload stops at once and leaves nothing on the host', async () => {
    const at = await realServer();
    const { file, there } = remoteFolder();
    const cancel = new AbortController();
    const source = byteSource(600 * MB);
    const uploading = place.hosts().run(at, unelevated(uploadFile(file, '0640', source)), {
      signal: cancel.signal,
      onSent: (bytes) => (bytes > 5 * MB ? cancel.abort() : undefined),
    });
    await eventually(() => expect(there()).toHaveLength(1));
    expect(there()[0]).toMatch(/^\.k3s-ha\./);
    expect(failure(place, await uploading, 'unknown').code).toBe('remote-cancelled');
    await eventually(() => expect(source.closed()).toBe(1));
    expect(source.given()).toBeLessThan(600 * MB);
    await eventually(() => expect(there()).toEqual([]));
  });

  test('a script that ends early is believed, and the rest is not read', async () => {
    const at = await realServer();
    const source = byteSource(600 * MB);
    const command: RemoteCommand<RemoteOutput> = shell(
      'head -c 3000000 >/dev/null; echo "cat: write error: No space left on device" >&2; exit 1',
      { stdin: source },
    );
    const answer = output(await place.hosts().run(at, command));
    expect(answer).toEqual({ stdout: '', stderr: 'cat: write error: No space left on device\n', exitCode: 1 });
    await eventually(() => expect(source.closed()).toBe(1));
    expect(source.given()).toBeLessThan(60 * MB);
  });

  test.each([
    ['shorter', 2 * MB, 'input-changed', 'It had 4000000 bytes and ended after 2000000.'],
    ['longer', 6 * MB, 'input-changed', 'It had 4000000 bytes, and more of them came.'],
  ] as const)('a file that gets %s while it is read replaces nothing', async (_, real, code, why) => {
    const at = await realServer();
    const { file, there } = remoteFolder();
    const hosts = place.hosts();
    output(await hosts.run(at, shell('mkdir -p "$(dirname "$1")"; echo old > "$1"', { args: [file] })));
    const outcome = await hosts.run(at, unelevated(uploadFile(file, '0640', byteSource(4 * MB, { real }))));
    expect(failure(place, outcome)).toMatchObject({ code, why, host: 'server-1' });
    expect(there()).toEqual(['airgap.tar']);
    expect(readFileSync(file, 'utf8')).toBe('old\n');
  });

  test('a file that cannot be read to its end is told in the words of the system', async () => {
    const at = await realServer();
    const { file, there } = remoteFolder();
    const source = byteSource(40 * MB, {
      before: (given) => {
        if (given > 20 * MB) throw new Error('EIO: i/o error, read');
      },
    });
    const outcome = await place.hosts().run(at, unelevated(uploadFile(file, '0640', source)));
    expect(failure(place, outcome)).toMatchObject({ code: 'input-unreadable', why: 'EIO: i/o error, read' });
    expect(there()).toEqual([]);
  });

  test('a slow host may take longer than the time limit as long as it takes something', async () => {
    const at = await realServer();
    const hosts = place.hosts({}, { timeouts: { keepaliveMs: 300, keepaliveCount: 2 } });
    const slow = 'for i in $(seq 24); do head -c 400000 | wc -c; sleep 0.1; done';
    const command = shell(slow, { stdin: byteSource(24 * 400_000), timeoutMs: 1_200 });
    const { ms, value } = await timed(hosts.run(at, command));
    expect(output(value).stdout).toBe('400000\n'.repeat(24));
    expect(ms).toBeGreaterThan(2_000);
  });

  test('a host that takes nothing more is given up, with how far it came', async () => {
    const at = await realServer();
    const source = byteSource(90 * MB);
    const outcome = await place.hosts().run(at, shell('sleep 30', { stdin: source, timeoutMs: 500 }));
    expect(failure(place, outcome, 'unknown')).toMatchObject({
      code: 'remote-timeout',
      message: '"test-script" on server-1 did not get any further within 0.5 s.',
      why: expect.stringMatching(/^\d(\.\d)? MB of 90 MB were sent\./),
    });
    expect(source.given()).toBeLessThan(16 * MB);
  });

  test('a server that opens its window wide and does not read is not flooded', async () => {
    const server = await startSsh2Server(place, {
      exec: (command, channel) => {
        // What asks meanwhile whether the host still answers may come before what is sent.
        if (command === ':') return finish(channel, 0);
        const inside = channel as ServerChannel & {
          outgoing: { id: number };
          _client: { _sock: Duplex; _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
        };
        inside._client._protocol.channelWindowAdjust(inside.outgoing.id, 2 ** 30);
        inside._client._sock.pause();
      },
    });
    const source = byteSource(300 * MB);
    const at = target('127.0.0.1', { port: server.port }, 'server-1');
    const hosts = place.hosts();
    const outcome = await hosts.run(at, shell('cat', { stdin: source, timeoutMs: 1_500 }));
    expect(failure(place, outcome, 'unknown').code).toBe('remote-timeout');
    expect(source.given()).toBeGreaterThan(2 * MB);
    // The system's ssh takes from its control socket what the server says that it has room for, and keeps it itself.
    expect(source.given()).toBeLessThan(client === 'builtin' ? 24 * MB : 300 * MB);
    expect((await timed(hosts.dispose())).ms).toBeLessThan(4_000);
  });

  test.runIf(client === 'builtin').each([
    ['nobody has chosen ciphers', '', 'aes128-gcm@openssh.com'],
    ['ssh_config has an order of ciphers', 'Ciphers aes256-ctr,aes128-gcm@openssh.com\n', 'aes256-ctr'],
  ])('%s: %j leads to %s', async (_, config, cipher) => {
    const sshd = await startSshd(place, { authorized: [place.key('mine')], config: ['LogLevel DEBUG1'] });
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    place.file('.ssh/config', config);
    const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }, 'server-1');
    output(await place.hosts().run(at, shell('true')));
    expect(sshd.log()).toContain(`kex: client->server cipher: ${cipher} `);
  });

  test('a local file that was exchanged before it is sent is not sent', async () => {
    const at = await realServer();
    const local = place.file('airgap.tar', 'what was examined');
    const artifact = await artifactFolder({ baseDir: '/', homeDir: '/' }).open(local);
    if (!artifact.ok) throw new Error(artifact.error.message);
    const { file, there } = remoteFolder();
    const hosts = place.hosts();
    expect(await hosts.run(at, unelevated(uploadFile(file, '0640', artifact.value)))).toMatchObject({ kind: 'done' });
    expect(readFileSync(file, 'utf8')).toBe('what was examined');
    place.file('airgap.tar', 'what came instead');
    const outcome = await hosts.run(at, unelevated(uploadFile(`${file}.2`, '0640', artifact.value)));
    expect(failure(place, outcome)).toMatchObject({
      code: 'input-unreadable',
      why: `${local} has changed since it was examined.`,
    });
    expect(there()).toEqual(['airgap.tar']);
  });

  test('keys that are exchanged again in the middle change nothing', async () => {
    const at = await realServer(['RekeyLimit 8M']);
    const source = byteSource(60 * MB);
    const answer = output(await place.hosts().run(at, shell('sha256sum', { stdin: source })));
    expect(answer.stdout.split(' ')[0]).toBe(source.sha256);
  });

  test('an upload through a jump host arrives as well, beside other commands', async () => {
    const at = await realServer();
    const through = { ...at, ssh: { ...at.ssh, proxyJump: `127.0.0.1:${at.ssh.port}` } };
    place.file('.ssh/config', `IdentityFile ${join(place.home, 'mine')}\n`);
    const hosts = place.hosts();
    const source = byteSource(60 * MB);
    const uploading = hosts.run(through, shell('sha256sum', { stdin: source }));
    await eventually(() => expect(source.given()).toBeGreaterThan(0));
    const { ms, value } = await timed(hosts.run(through, shell('echo fine')));
    expect(output(value).stdout).toBe('fine\n');
    expect(ms).toBeLessThan(4_000);
    expect(output(await uploading).stdout.split(' ')[0]).toBe(source.sha256);
  });
});
