import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntries } from '../../../src/adapters/archives/entries';
import { archiveReaders } from '../../../src/adapters/archives/archiveReaders';
import { unpacked } from '../../../src/adapters/archives/unpacked';
import { createArtifacts } from '../../../src/adapters/files/artifacts';
import type { Problem } from '../../../src/core/base/problem';
import type { ByteInput } from '../../../src/core/remote/remoteCommand';
import type { ArtifactFolder } from '../../../src/engine/ports';

const IMAGES = randomBytes(3_000_003);
const FILES: Readonly<Record<string, Buffer>> = {
  k3s: Buffer.from('the program\n'),
  'k3s-airgap-images-amd64.tar.zst': IMAGES,
  'sha256sum-amd64.txt': Buffer.from('sums\n'),
  'arm64/k3s-arm64': Buffer.from('the other program\n'),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-archive-'));
});
afterEach(() => {
  expect(openFiles()).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

/** Files of this test that are still open; only Linux tells. */
function openFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

type Written = Partial<Omit<Header, 'type'>> & { readonly name: string; readonly type?: string };

/** A tar with these entries, as Buffer. */
async function tarOf(entries: readonly (readonly [Written, Buffer?])[]): Promise<Buffer> {
  const tar = pack();
  for (const [head, bytes] of entries) tar.entry(head as Partial<Header> & { name: string }, bytes ?? Buffer.alloc(0));
  tar.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of tar as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function release(prefix = ''): Promise<Buffer> {
  return tarOf(Object.entries(FILES).map(([name, bytes]) => [{ name: `${prefix}${name}` }, bytes]));
}

async function archive(name: string, bytes: Buffer) {
  writeFileSync(join(folder, name), bytes);
  return createArtifacts({ baseDir: folder, homeDir: '/nowhere' }, archiveReaders).archive(`./${name}`);
}

async function opened(name: string, bytes: Buffer): Promise<ArtifactFolder> {
  const found = await archive(name, bytes);
  if (!found.ok) throw new Error(`${found.error.message}: ${found.error.why ?? ''}`);
  return found.value;
}

async function problemOf(name: string, bytes: Buffer): Promise<Problem> {
  const found = await archive(name, bytes);
  if (found.ok) throw new Error('It was read.');
  return found.error;
}

async function input(of: ArtifactFolder, path: string): Promise<ByteInput> {
  const found = await of.open(path);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

async function bytesOf({ open }: ByteInput): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of open()) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('an archive', () => {
  it.each<[name: string, squeeze: (bytes: Buffer) => Buffer]>([
    ['all.tar', (bytes) => bytes],
    ['all.tar.gz', zlib.gzipSync],
    ['all.tar.zst', zlib.zstdCompressSync],
    ['unpacked-by-a-browser.tar.gz', (bytes) => bytes],
  ])('%s gives its files like a folder, as often as they are asked for', async (name, squeeze) => {
    const found = await opened(name, squeeze(await release()));
    expect(await found.list(`./${name}/*`)).toEqual({
      ok: true,
      value: ['k3s', 'k3s-airgap-images-amd64.tar.zst', 'sha256sum-amd64.txt'].map((file) => `./${name}/${file}`),
    });
    expect(await found.list(`./${name}/arm64/*`)).toEqual({ ok: true, value: [`./${name}/arm64/k3s-arm64`] });
    for (const [file, bytes] of Object.entries(FILES)) {
      const one = await input(found, `./${name}/${file}`);
      expect(one).toMatchObject({
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      const both = await Promise.all([bytesOf(one), bytesOf(one)]);
      expect(both.map((read) => read.equals(bytes))).toEqual([true, true]);
    }
    expect(await found.open(`./${name}/install.sh`)).toMatchObject({
      ok: false,
      error: { message: `./${name} holds no install.sh.` },
    });
    // Nothing is left of it on this machine, nor was anything ever there.
    expect(readdirSync(folder)).toEqual([name]);
  });

  it.skipIf(process.platform === 'win32')(
    'of the system’s tar is read, with its top folder and long names',
    async () => {
      const long = `addons/${'a'.repeat(60)}/${'b'.repeat(80)}.tar`;
      mkdirSync(join(folder, 'airgap/addons', 'a'.repeat(60)), { recursive: true });
      for (const name of ['k3s', 'install.sh', '.DS_Store', long]) writeFileSync(join(folder, 'airgap', name), name);
      for (const format of ['gnu', 'pax', 'ustar']) {
        const name = `${format}.tgz`;
        execFileSync('tar', ['-C', folder, `--format=${format}`, '-czf', join(folder, name), 'airgap']);
        const found = await opened(name, readFileSync(join(folder, name)));
        expect(await found.list(`./${name}/*`)).toEqual({ ok: true, value: [`./${name}/install.sh`, `./${name}/k3s`] });
        expect((await bytesOf(await input(found, `./${name}/${long}`))).toString()).toBe(long);
      }
    },
  );

  it('keeps the folder of an architecture where it is the only one', async () => {
    const found = await opened('one.tar', await tarOf([[{ name: 'arm64/k3s-arm64' }, Buffer.from('x')]]));
    expect(await found.list('./one.tar/arm64/*')).toEqual({ ok: true, value: ['./one.tar/arm64/k3s-arm64'] });
  });

  it('is closed when nobody wants the rest of a file', async () => {
    const found = await opened('all.tar.gz', zlib.gzipSync(await release()));
    const images = await input(found, './all.tar.gz/k3s-airgap-images-amd64.tar.zst');
    for await (const piece of images.open()) {
      expect(piece.length).toBeLessThan(IMAGES.length);
      break;
    }
    expect(openFiles()).toEqual([]);
  });

  it('is not sent when it has changed since it was examined', async () => {
    const found = await opened('all.tar', await release());
    const images = await input(found, './all.tar/k3s-airgap-images-amd64.tar.zst');
    appendFileSync(join(folder, 'all.tar'), 'more');
    await expect(bytesOf(images)).rejects.toThrow('has changed since it was examined');
  });
});

describe('an archive is refused by the name of what it holds', () => {
  it.each<[what: string, head: Written, says: string]>([
    ['a path out of it', { name: 'airgap/../../etc/passwd' }, 'a path that leads out of it'],
    ['an absolute path', { name: '/etc/cron.d/k3s' }, 'an absolute path'],
    ['a drive of Windows', { name: 'C:/k3s' }, 'an absolute path'],
    ['a path with backslashes', { name: '..\\k3s' }, 'characters that no file of K3s has'],
    ['a name with control characters', { name: 'k3s\u001B[2J' }, 'characters that no file of K3s has'],
    ['a symbolic link', { name: 'k3s', type: 'symlink', linkname: '/etc/shadow' }, 'a symbolic link'],
    ['a hard link', { name: 'k3s', type: 'link', linkname: 'install.sh' }, 'a hard link'],
    ['a device', { name: 'k3s', type: 'block-device' }, 'a device'],
    ['a pipe', { name: 'k3s', type: 'fifo' }, 'a pipe'],
    ['a sparse file', { name: 'k3s', pax: { 'GNU.sparse.major': '1' } }, 'a sparse file'],
  ])('%s', async (_, head, says) => {
    const bytes = await tarOf([[{ name: 'install.sh' }, Buffer.from('#!/bin/sh\n')], [head]]);
    const found = await problemOf('all.tar.gz', zlib.gzipSync(bytes));
    expect(found).toMatchObject({ code: 'archive-refused', message: './all.tar.gz is not used' });
    expect(found.why).toContain(`It holds ${JSON.stringify(head.name)}`);
    expect(found.why).toContain(says);
  });

  it('a file that it holds twice', async () => {
    const bytes = await tarOf([
      [{ name: 'k3s' }, Buffer.from('one')],
      [{ name: './k3s' }, Buffer.from('another')],
    ]);
    expect(await problemOf('all.tar', bytes)).toMatchObject({ why: 'It holds "k3s" twice.' });
  });

  it('more than any release has, in bytes or in files', async () => {
    const bytes = await release();
    const read = (limits: { readonly bytes: number; readonly entries: number }) =>
      readEntries('./all.tar', once(bytes), limits);
    await expect(read({ bytes: 1e6, entries: 100 })).rejects.toThrow('It holds more than 0.001 GB.');
    await expect(read({ bytes: 1e9, entries: 3 })).rejects.toThrow('It holds more than 3 files and folders.');
  });
});

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

describe('an archive that is not whole', () => {
  const cut = (name: string, bytes: Buffer, left: number): Promise<Problem> => problemOf(name, bytes.subarray(0, left));

  it('is named with the file in which it ends', async () => {
    const tar = await release();
    const images = 'k3s-airgap-images-amd64.tar.zst';
    for (const [name, bytes] of [['all.tar', tar] as const, ['all.tar.gz', zlib.gzipSync(tar)] as const]) {
      const found = await cut(name, bytes, 2_000_000);
      expect(found).toMatchObject({
        code: 'archive-damaged',
        message: `./${name} is damaged, or not all of it is there`,
      });
      expect(found.why).toMatch(new RegExp(`^It cannot be read beyond ${images}: `));
    }
  });

  it('is told where it ends between two files', async () => {
    const tar = await tarOf([
      [{ name: 'k3s' }, Buffer.alloc(512, 'x')],
      [{ name: 'install.sh' }, Buffer.alloc(512, 'x')],
    ]);
    expect(await cut('all.tar', tar, 1024)).toMatchObject({
      why: 'It has no end behind k3s, so more may have been cut off.',
    });
  });

  it('is told when a byte is another one', async () => {
    const bytes = zlib.gzipSync(await release());
    bytes[1_500_000] = 255 - (bytes[1_500_000] ?? 0);
    expect(await problemOf('all.tar.gz', bytes)).toMatchObject({ code: 'archive-damaged' });
  });

  it('is told when it is no archive at all', async () => {
    expect(await problemOf('all.tar.gz', Buffer.from('<html>not found</html>'.repeat(100)))).toMatchObject({
      code: 'archive-damaged',
      why: expect.stringContaining('It cannot be read beyond its beginning') as string,
    });
    expect(await problemOf('empty.tar', Buffer.alloc(0))).toMatchObject({ code: 'archive-damaged' });
  });

  it('is told when it is packed as an older Node cannot read, with what to do', () => {
    expect(() => unpacked('./all.tar.zst', 'zstd', once(Buffer.alloc(8)), {})).toThrow(
      `./all.tar.zst is packed with zstd, which Node ${process.versions.node} cannot read`,
    );
  });
});
