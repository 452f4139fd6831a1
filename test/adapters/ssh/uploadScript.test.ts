import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSha256 } from '../../../src/core/remote/fileSha256';
import type { ByteInput, RemoteCommand } from '../../../src/core/remote/remoteCommand';
import { uploadFile } from '../../../src/core/remote/upload';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** Its shell prefers its own programs to those in PATH. */
const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
if (BUSYBOX === undefined) console.warn('BusyBox is not installed: scripts are tried under dash and bash only.');

const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function inputOf(bytes: Buffer, more: Partial<ByteInput> = {}): ByteInput {
  return {
    size: bytes.length,
    sha256: sha256(bytes),
    async *open() {
      yield bytes;
    },
    ...more,
  };
}

describe.each(['/bin/dash', '/bin/bash', ...(BUSYBOX === undefined ? [] : [BUSYBOX])])('%s', (shell) => {
  let host: ShellHost;
  let folder: string;
  let file: string;
  beforeEach(() => {
    host = shellHost(shell);
    if (shell === BUSYBOX) host.program('openssl', 'exit 127');
    folder = join(host.folder, 'images');
    file = join(folder, 'airgap.tar.zst');
  });
  afterEach(() => host.remove());

  const outcome = async <T>(command: RemoteCommand<T>) => command.parse(await host.run(command));
  const why = async (command: RemoteCommand<unknown>): Promise<string> => {
    const result = await outcome(command);
    return result.ok ? 'it was taken' : (result.error.why ?? '');
  };
  const old = (text = 'old'): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  };
  const expectUntouched = (): void => {
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['airgap.tar.zst']);
  };

  it('puts every byte in its place, with the mode, in a folder that it makes', async () => {
    expect(await outcome(uploadFile(file, '0755', inputOf(BYTES)))).toEqual({ ok: true, value: undefined });
    expect(readFileSync(file).equals(BYTES)).toBe(true);
    expect(statSync(file).mode & 0o7777).toBe(0o755);
    expect(readdirSync(folder)).toEqual(['airgap.tar.zst']);
  });

  it('takes 3 MiB and an empty file as well', async () => {
    const large = Buffer.alloc(3 * 2 ** 20, 'k3s');
    expect(await outcome(uploadFile(file, '0644', inputOf(large)))).toMatchObject({ ok: true });
    expect(readFileSync(file).equals(large)).toBe(true);
    expect(await outcome(uploadFile(file, '0644', inputOf(Buffer.alloc(0))))).toMatchObject({ ok: true });
    expect(readFileSync(file)).toHaveLength(0);
  });

  it('keeps the old file when other bytes arrive than those that were announced', async () => {
    old();
    const announced = sha256(Buffer.from('something else'));
    const result = await outcome(uploadFile(file, '0755', inputOf(BYTES, { sha256: announced })));
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'write-failed',
        why: `the bytes that arrived have the sha256 ${sha256(BYTES)} instead of ${announced}`,
        nextSteps: [expect.stringContaining('changed while it was read')],
      },
    });
    expectUntouched();
  });

  it.each([
    ['fewer', BYTES.length + 1],
    ['more', BYTES.length - 1],
  ])('keeps the old file when %s bytes arrive', async (_, size) => {
    old();
    expect(await why(uploadFile(file, '0755', inputOf(BYTES, { size })))).toBe(
      `100000 bytes arrived instead of ${size}`,
    );
    expectUntouched();
  });

  it('refuses a folder and a link to one; a link to a file is replaced, and what it led to stays', async () => {
    mkdirSync(file, { recursive: true });
    symlinkSync(file, join(folder, 'link'));
    expect(await why(uploadFile(file, '0644', inputOf(BYTES)))).toBe(`${file} is a folder`);
    expect(await why(uploadFile(join(folder, 'link'), '0644', inputOf(BYTES)))).toBe(
      `${join(folder, 'link')} is a folder`,
    );
    expect(readdirSync(file)).toEqual([]);
    writeFileSync(join(folder, 'target'), 'old');
    symlinkSync('target', join(folder, 'file-link'));
    expect(await outcome(uploadFile(join(folder, 'file-link'), '0644', inputOf(BYTES)))).toMatchObject({ ok: true });
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('old');
    expect(readFileSync(join(folder, 'file-link')).equals(BYTES)).toBe(true);
  });

  it('leaves nothing behind when whoever sent it is gone, standard error included', async () => {
    old();
    const child = host.start(uploadFile(file, '0644', inputOf(BYTES)));
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.stdin?.write(BYTES.subarray(0, 50_000));
    await expect.poll(() => readdirSync(folder)).toHaveLength(2);
    child.stderr?.destroy();
    child.stdin?.end();
    expect(await ended).not.toBe(0);
    expectUntouched();
  });

  it('leaves nothing behind when it is told to end', async () => {
    old();
    const child = host.start(uploadFile(file, '0644', inputOf(BYTES)));
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.stdin?.write(BYTES);
    await expect.poll(() => readdirSync(folder)).toHaveLength(2);
    child.kill('SIGTERM');
    child.stdin?.end();
    expect(await ended).not.toBe(0);
    expectUntouched();
  });

  it.skipIf(shell === BUSYBOX)('leaves nothing behind when it is told to end just after it made its file', async () => {
    old();
    host.program('mktemp', `/usr/bin/mktemp "$@"; : > ${host.folder}/made; sleep 1`);
    const child = host.start(uploadFile(file, '0644', inputOf(BYTES)));
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await expect.poll(() => existsSync(join(host.folder, 'made')), { timeout: 5_000 }).toBe(true);
    child.kill('SIGTERM');
    child.stdin?.end();
    expect(await ended).not.toBe(0);
    expectUntouched();
  });

  it('removes what a power cut left behind, and not what is being written', async () => {
    old();
    writeFileSync(join(folder, '.k3s-ha.Abc123'), 'half');
    utimesSync(join(folder, '.k3s-ha.Abc123'), 0, 0);
    writeFileSync(join(folder, '.k3s-ha.Def456'), 'half');
    writeFileSync(join(folder, 'mine'), 'mine');
    utimesSync(join(folder, 'mine'), 0, 0);
    expect(await outcome(uploadFile(file, '0644', inputOf(BYTES)))).toMatchObject({ ok: true });
    expect(readdirSync(folder).sort()).toEqual(['.k3s-ha.Def456', 'airgap.tar.zst', 'mine']);
  });

  it('does without openssl', async () => {
    host.program('openssl', 'exit 127');
    expect(await outcome(uploadFile(file, '0644', inputOf(BYTES)))).toMatchObject({ ok: true });
    expect(await outcome(fileSha256(file))).toEqual({ ok: true, value: { sha256: sha256(BYTES), mode: '0644' } });
  });

  it.skipIf(shell === BUSYBOX)('says so when nothing can hash', async () => {
    old();
    for (const program of ['openssl', 'sha256sum']) host.program(program, 'exit 127');
    expect(await why(uploadFile(file, '0644', inputOf(BYTES)))).toBe(
      'neither openssl nor sha256sum works on this host',
    );
    expect(await outcome(fileSha256(file))).toMatchObject({ ok: false, error: { code: 'read-failed' } });
    expectUntouched();
  });

  it('tells what is there already: nothing, a file, a link to it, a folder', async () => {
    expect(await outcome(fileSha256(file))).toEqual({ ok: true, value: undefined });
    old('a');
    symlinkSync(file, join(folder, 'link'));
    const state = { ok: true, value: { sha256: sha256(Buffer.from('a')), mode: '0600' } };
    expect(await outcome(fileSha256(file))).toEqual(state);
    expect(await outcome(fileSha256(join(folder, 'link')))).toEqual(state);
    expect(await outcome(fileSha256(folder))).toMatchObject({ ok: false, error: { why: `${folder} is a folder` } });
    expect(await outcome(fileSha256('/dev/null'))).toMatchObject({
      ok: false,
      error: { why: '/dev/null is no regular file' },
    });
  });

  describe.skipIf(process.getuid?.() !== 0)('on a disk of 4 MiB', () => {
    let mounted = false;
    beforeEach(() => {
      mkdirSync(folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
      mounted = true;
    });
    afterEach(() => {
      if (mounted) execFileSync('umount', [folder]);
      mounted = false;
    });

    it('does not begin with what has no room', async () => {
      old();
      const large = Buffer.alloc(5 * 2 ** 20);
      let asked = 0;
      const source = inputOf(large, {
        async *open() {
          asked += 1;
          yield large;
        },
      });
      const result = await outcome(uploadFile(file, '0644', source));
      expect(result).toMatchObject({
        ok: false,
        error: {
          why: `No space left on device: ${folder} has 3 MiB free, and 5 MiB are needed`,
          nextSteps: [expect.stringContaining('Free disk space')],
        },
      });
      expect(asked).toBe(1);
      expectUntouched();
    });

    it('keeps the old file when the disk fills up on the way', async () => {
      old();
      const command = uploadFile(file, '0644', inputOf(Buffer.alloc(3 * 2 ** 20)));
      const child = host.start(command);
      const said = text(child.stderr as Readable);
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
      await expect.poll(() => readdirSync(folder)).toHaveLength(2);
      // What df said is no promise: another program takes the room.
      const other = join(folder, 'other');
      expect(() => writeFileSync(other, Buffer.alloc(5 * 2 ** 20))).toThrow('ENOSPC');
      child.stdin?.end(Buffer.alloc(3 * 2 ** 20));
      child.stdin?.on('error', () => undefined);
      const output = { stdout: '', exitCode: (await ended) ?? -1, stderr: await said };
      expect(command.parse(output)).toMatchObject({
        ok: false,
        error: { why: expect.stringContaining('No space left on device') },
      });
      rmSync(other);
      expectUntouched();
    });
  });
});
