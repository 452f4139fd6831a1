import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files/files';
import { bundleWorker } from './workerBundle';

const run = promisify(execFile);
const files = createFiles({ followLinks: () => true });
const ROOT = process.getuid?.() === 0;

let scripts: string;
let script: string;
beforeAll(async () => {
  scripts = await mkdtemp(join(tmpdir(), 'k3s-ha-worker-'));
  script = await bundleWorker(scripts);
});
afterAll(() => rm(scripts, { recursive: true }));

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k3s-ha-files-'));
  path = join(folder, 'config');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('writeAtomic', () => {
  test('a new file gets the mode asked for, its folders are private, nothing else is left', async () => {
    const deep = join(folder, 'a', 'b', 'config');
    await files.writeAtomic(deep, 'hello', 0o600);
    expect(await readFile(deep, 'utf8')).toBe('hello');
    expect([await modeOf(deep), await modeOf(join(folder, 'a')), await modeOf(join(folder, 'a', 'b'))]).toEqual([
      0o600, 0o700, 0o700,
    ]);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['config']);
  });

  test.each([0o600, 0o644, 0o640])('an existing file keeps its mode %o', async (mode) => {
    await writeFile(path, 'old');
    await chmod(path, mode);
    await files.writeAtomic(path, 'new', 0o600);
    expect([await readFile(path, 'utf8'), await modeOf(path)]).toEqual(['new', mode]);
  });

  test.runIf(ROOT)('an existing file keeps its owner', async () => {
    await writeFile(path, 'old');
    await chown(path, 1234, 4321);
    await files.writeAtomic(path, 'new', 0o600);
    const { uid, gid } = await stat(path);
    expect([uid, gid]).toEqual([1234, 4321]);
  });

  test('a link stays a link, also one whose target is not there yet', async () => {
    await symlink(join(folder, 'dotfiles', 'kube'), path);
    await symlink('config', join(folder, 'second'));
    await files.writeAtomic(join(folder, 'second'), 'first', 0o600);
    await files.writeAtomic(path, 'again', 0o600);
    expect(await readlink(path)).toBe(join(folder, 'dotfiles', 'kube'));
    expect(await readlink(join(folder, 'second'))).toBe('config');
    expect(await readFile(join(folder, 'dotfiles', 'kube'), 'utf8')).toBe('again');
  });

  test('links in a circle and folders are refused with a reason', async () => {
    await symlink('b', join(folder, 'a'));
    await symlink('a', join(folder, 'b'));
    await expect(files.writeAtomic(join(folder, 'a'), 'x', 0o600)).rejects.toMatchObject({
      problem: { why: expect.stringContaining('circle') as string },
    });
    await expect(files.writeAtomic(folder, 'x', 0o600)).rejects.toMatchObject({ problem: { why: 'It is a folder.' } });
  });

  test('a reader never sees a half-written file', async () => {
    const texts = ['a'.repeat(300_000), 'b'.repeat(300_000)] as const;
    await files.writeAtomic(path, texts[0], 0o600);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 30; i++) await files.writeAtomic(path, texts[i % 2] ?? '', 0o600);
      writing = false;
    })();
    const seen = new Set<string>();
    while (writing) seen.add(await readFile(path, 'utf8'));
    await writer;
    expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
  });

  // The limit on the file size makes write() fail exactly as a full disk does, and needs no root.
  test.runIf(process.platform !== 'win32')('a write that does not fit leaves the old file and no rest', async () => {
    await writeFile(path, 'old');
    const { stdout } = await runWorker(['write', path, String(1024 * 1024)], 'ulimit -f 64; trap "" XFSZ; ');
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'file-not-written',
      message: expect.stringContaining('unchanged') as string,
      why: expect.stringContaining('exceed') as string,
    });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['config']);
  });

  test.runIf(ROOT && process.platform === 'linux')('a full disk leaves the old file and no rest', async () => {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      await writeFile(path, 'old');
      await expect(files.writeAtomic(path, 'x'.repeat(1024 * 1024), 0o600)).rejects.toMatchObject({
        problem: { why: 'The disk is full.' },
      });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['config']);
    } finally {
      await run('umount', [folder]);
    }
  });
});

describe('read and appendLine', () => {
  test('a file that is not there is undefined, a folder is an error with a reason', async () => {
    expect(await files.read(path)).toBeUndefined();
    await expect(files.read(folder)).rejects.toMatchObject({
      problem: { code: 'file-not-read', why: 'It is a folder.' },
    });
  });

  test('lines are added to a private file', async () => {
    const log = join(folder, 'logs', 'run.jsonl');
    await files.appendLine(log, 'one');
    await files.appendLine(log, 'two');
    expect([await readFile(log, 'utf8'), await modeOf(log)]).toEqual(['one\ntwo\n', 0o600]);
  });
});

describe('withLock', () => {
  const lock = (): string => `${path}.lock`;
  const age = async (seconds: number): Promise<void> => {
    const then = new Date(Date.now() - seconds * 1000);
    await utimes(lock(), then, then);
  };
  const DEAD_PID = 2 ** 22 + 1;

  test('holds <path>.lock while it works and removes it, also after a failure', async () => {
    expect(await files.withLock(path, async () => modeOf(lock()))).toBe(0o600);
    await expect(files.withLock(path, () => Promise.reject(new Error('inside')))).rejects.toThrow('inside');
    expect(await readdir(folder)).toEqual([]);
  });

  test('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        files.withLock(path, async () => {
          most = Math.max(most, ++inside);
          await new Promise((done) => setTimeout(done, 5));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  test('kubectl waits outside: it refuses to write while we hold the lock', async () => {
    const set = () =>
      run('kubectl', ['config', 'set-cluster', 'x', '--server=https://x:1'], {
        env: { ...process.env, KUBECONFIG: path },
      });
    await files.withLock(path, async () => {
      await expect(set()).rejects.toMatchObject({ stderr: expect.stringContaining('.lock') as string });
    });
    await set();
    expect(await readFile(path, 'utf8')).toContain('https://x:1');
  });

  test('a lock in use ends in a problem that names the holder, and stays', async () => {
    await writeFile(lock(), `${process.pid} ${hostname()} abc\n`);
    await age(3600);
    await expect(
      createFiles({ followLinks: () => true, lockTimeoutMs: 50 }).withLock(path, async () => 1),
    ).rejects.toMatchObject({
      problem: {
        code: 'file-locked',
        why: expect.stringContaining(`Process ${process.pid}`) as string,
        nextSteps: [expect.stringContaining(lock()) as string],
      },
    });
    expect(await readdir(folder)).toEqual(['config.lock']);
  });

  test.each([
    ['a dead process', `${DEAD_PID} ${hostname()} abc\n`],
    ['a kubectl that crashed', ''],
  ])('the old lock of %s is taken over', async (_, content) => {
    await writeFile(lock(), content);
    await age(31);
    expect(await files.withLock(path, async () => 'done')).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['a fresh lock of a dead process', `${DEAD_PID} ${hostname()} abc\n`, 5],
    ['an old lock of another machine', `${DEAD_PID} elsewhere abc\n`, 3600],
  ])('%s is respected', async (_, content, seconds) => {
    await writeFile(lock(), content);
    await age(seconds);
    await expect(
      createFiles({ followLinks: () => true, lockTimeoutMs: 50 }).withLock(path, async () => 1),
    ).rejects.toMatchObject({ problem: { code: 'file-locked' } });
  });

  test('many processes take over one stale lock and still count right', async () => {
    await writeFile(lock(), `${DEAD_PID} ${hostname()} abc\n`);
    await age(60);
    await writeFile(path, '0');
    await Promise.all(Array.from({ length: 6 }, () => runWorker(['count', path, '10'])));
    expect(await readFile(path, 'utf8')).toBe('60');
    expect(await readdir(folder)).toEqual(['config']);
  });
});

/** Runs test/adapters/files/worker.ts in a process of its own. */
async function runWorker(args: readonly string[], shellPrefix = ''): Promise<{ stdout: string }> {
  const child = spawn('/bin/sh', ['-c', `${shellPrefix}exec "$0" "$@"`, process.execPath, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  return { stdout };
}
