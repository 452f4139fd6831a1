import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactFolder } from '../../../src/adapters/files/artifacts';
import type { ByteInput } from '../../../src/core/remote/remoteCommand';

const BYTES = Buffer.from(Array.from({ length: 3_000_003 }, (_, i) => (i * 31) % 256));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-artifacts-'));
  file = join(folder, 'airgap.tar');
  writeFileSync(file, BYTES);
});
afterEach(() => {
  expect(openFiles()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

/** Files of this test that are still open; only Linux tells. */
function openFiles(): string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

const artifacts = artifactFolder({ baseDir: tmpdir(), homeDir: tmpdir() });

async function opened(path = file): Promise<ByteInput> {
  const result = await artifacts.open(path);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function bytesOf(input: ByteInput): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of input.open()) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a file of this machine', () => {
  it('tells its size and sha256, and gives its bytes as often as they are asked for', async () => {
    const input = await opened();
    expect(input).toMatchObject({ size: BYTES.length, sha256: createHash('sha256').update(BYTES).digest('hex') });
    expect((await bytesOf(input)).equals(BYTES)).toBe(true);
    expect((await bytesOf(input)).equals(BYTES)).toBe(true);
  });

  it('may be empty', async () => {
    writeFileSync(file, '');
    const input = await opened();
    expect(input.size).toBe(0);
    expect(await bytesOf(input)).toHaveLength(0);
  });

  it('is closed when nobody wants the rest', async () => {
    for await (const piece of (await opened()).open()) {
      expect(piece.length).toBeLessThan(BYTES.length);
      break;
    }
    expect(openFiles()).toEqual([]);
  });

  it.each<[what: string, change: () => void, message: string]>([
    ['longer', () => appendFileSync(file, 'more'), 'has changed since it was examined'],
    [
      'another one of the same size',
      () => writeFileSync(file, Buffer.alloc(BYTES.length)),
      'has changed since it was examined',
    ],
    [
      'exchanged',
      () => {
        writeFileSync(`${file}.new`, BYTES);
        renameSync(`${file}.new`, file);
      },
      'has changed since it was examined',
    ],
    ['gone', () => rmSync(file), 'does not exist'],
  ])('is not sent when it is %s meanwhile', async (_, change, message) => {
    const input = await opened();
    change();
    await expect(bytesOf(input)).rejects.toThrow(message);
  });

  it('is told in words when it is not there or cannot be a file to send', async () => {
    expect(await artifacts.open(join(folder, 'nothing'))).toMatchObject({
      ok: false,
      error: { code: 'file-missing', message: `${join(folder, 'nothing')} does not exist.` },
    });
    mkdirSync(join(folder, 'images'));
    expect(await artifacts.open(join(folder, 'images'))).toMatchObject({
      ok: false,
      error: { code: 'file-refused', why: 'It is a folder, not a file.' },
    });
  });

  it.skipIf(process.platform === 'win32')('is no pipe and no device, and neither keeps anybody waiting', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await artifacts.open(join(folder, 'pipe'))).toMatchObject({
      ok: false,
      error: { why: 'It is a pipe, not a file.' },
    });
    expect(await artifacts.open('/dev/zero')).toMatchObject({
      ok: false,
      error: { why: 'It is a device, not a file.' },
    });
  });

  it('is not reached through a link, unless the person chose the path', async () => {
    const link = join(folder, 'link');
    symlinkSync('/etc/hostname', link);
    const beside = artifactFolder({ baseDir: folder, homeDir: '/nowhere' });
    expect(await beside.open('link')).toMatchObject({
      ok: false,
      error: { code: 'file-outside', why: expect.stringContaining('leads out of the folder') },
    });
    rmSync(link);
    symlinkSync(file, link);
    const chosen = await artifacts.open(link);
    expect(chosen).toMatchObject({ ok: true, value: { size: readFileSync(file).length } });
  });

  it('are listed by a pattern for their names, in order, without hidden ones, folders and links that lead out', async () => {
    const beside = artifactFolder({ baseDir: folder, homeDir: '/nowhere' });
    for (const name of ['b.yaml', 'a.yaml', '.hidden.yaml', 'c.yml', 'a+b.yaml'])
      writeFileSync(join(folder, name), 'x');
    mkdirSync(join(folder, 'folder.yaml'));
    expect(await beside.list('./*.yaml')).toEqual({ ok: true, value: ['./a+b.yaml', './a.yaml', './b.yaml'] });
    expect(await beside.list('?.yml')).toEqual({ ok: true, value: ['c.yml'] });
    expect(await beside.list('./one.yaml')).toEqual({ ok: true, value: ['./one.yaml'] });
    expect(await beside.list('./*.json')).toMatchObject({ ok: false, error: { code: 'file-missing' } });
    expect(await beside.list('./missing/*.yaml')).toMatchObject({ ok: false });
    symlinkSync('/etc', join(folder, 'out'));
    expect(await beside.list('out/*.conf')).toMatchObject({ ok: false, error: { code: 'file-outside' } });
  });
});
