import { createHash, randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { readImageNames } from '../../../src/adapters/archives/imageNames';
import type { ByteInput } from '../../../src/core/remote/remoteCommand';

const LAYER = randomBytes(3_000_000);
const DOCKER = [
  { Config: 'a.json', RepoTags: ['rancher/mirrored-pause:3.6', 'registry.example.com:5000/shop:1'], Layers: [] },
  { Config: 'b.json', RepoTags: ['busybox:1'], Layers: [] },
  { Config: 'c.json', RepoTags: null, Layers: [] },
];
const OCI = {
  manifests: [
    {
      annotations: {
        'io.containerd.image.name': 'docker.io/rancher/klipper-lb:v0.4.13',
        'org.opencontainers.image.ref.name': 'v0.4.13',
      },
    },
    { annotations: { 'org.opencontainers.image.ref.name': 'ghcr.io/kube-vip/kube-vip:v1.0.1' } },
    { annotations: { 'org.opencontainers.image.ref.name': 'latest' } },
    {},
  ],
};

async function tarOf(files: Readonly<Record<string, unknown>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files))
    tar.entry({ name }, Buffer.isBuffer(content) ? content : JSON.stringify(content));
  tar.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of tar as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function inputOf(bytes: Buffer, pieceSize = 64 * 1024): ByteInput {
  return {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    async *open() {
      for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
    },
  };
}

const read = (bytes: Buffer) => readImageNames('./airgap/images.tar.zst', inputOf(bytes));

describe('the images of an archive', () => {
  it.each<[packing: string, squeeze: (bytes: Buffer) => Buffer]>([
    ['not packed', (bytes) => bytes],
    ['gzip', zlib.gzipSync],
    ['zstd', zlib.zstdCompressSync],
  ])('are those of manifest.json behind its layers, each by its full name (%s)', async (_, squeeze) => {
    const tar = await tarOf({ 'layer.tar': LAYER, './manifest.json': DOCKER });
    expect(await read(squeeze(tar))).toEqual({
      ok: true,
      value: [
        'docker.io/library/busybox:1',
        'docker.io/rancher/mirrored-pause:3.6',
        'registry.example.com:5000/shop:1',
      ],
    });
  });

  it('are those of index.json where it has a layout of OCI, as containerd decides, and never a mere tag', async () => {
    const tar = await tarOf({
      'blobs/sha256/0': LAYER,
      'index.json': OCI,
      'manifest.json': DOCKER,
      'oci-layout': { imageLayoutVersion: '1.0.0' },
    });
    expect(await read(tar)).toEqual({
      ok: true,
      value: ['docker.io/rancher/klipper-lb:v0.4.13', 'ghcr.io/kube-vip/kube-vip:v1.0.1'],
    });
  });

  it('are told by an archive of half a gigabyte without keeping it', async () => {
    const files = 64;
    const tar = pack();
    const layer = Buffer.alloc(8 * 1024 * 1024);
    const input: ByteInput = {
      size: 0,
      sha256: '',
      async *open() {
        yield* tar as AsyncIterable<Uint8Array>;
      },
    };
    // Only one reading: what is not packed shows so by its first piece, and that is given here apart.
    let first = true;
    const once: ByteInput = {
      ...input,
      open() {
        if (!first) return input.open();
        first = false;
        return inputOf(Buffer.from('blob')).open();
      },
    };
    const write = async (): Promise<void> => {
      for (let at = 0; at < files; at += 1)
        await new Promise<void>((resolve) => {
          tar.entry({ name: `blobs/${at}` }, layer, () => {
            resolve();
          });
        });
      tar.entry({ name: 'manifest.json' }, JSON.stringify(DOCKER));
      tar.finalize();
    };
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const sampled = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 5);
    const [found] = await Promise.all([readImageNames('./images.tar', once), write()]);
    clearInterval(sampled);
    expect(found).toMatchObject({ ok: true });
    expect(most - before).toBeLessThan(150e6);
  });
});

describe('an archive that does not tell its images', () => {
  it.each<[what: string, squeeze: (bytes: Buffer) => Buffer]>([
    ['not packed', (bytes) => bytes],
    ['gzip', zlib.gzipSync],
    ['zstd', zlib.zstdCompressSync],
  ])('is damaged when it is cut off (%s)', async (_, squeeze) => {
    const whole = squeeze(await tarOf({ layer: LAYER, 'manifest.json': DOCKER }));
    expect(await read(whole.subarray(0, 2_000_000))).toMatchObject({
      ok: false,
      error: {
        code: 'archive-damaged',
        message: './airgap/images.tar.zst is damaged, or not all of it is there',
        why: expect.stringContaining('It cannot be read to its end: ') as string,
      },
    });
  });

  it.each<[what: string, bytes: () => Promise<Buffer>, why: string]>([
    ['a page of a proxy', async () => Buffer.from('<html>not found</html>'.repeat(100)), 'It is no tar archive: '],
    [
      'layers alone',
      () => tarOf({ layer: LAYER }),
      'It has neither an index.json nor a manifest.json that names images.',
    ],
    ['a list that is no JSON', () => tarOf({ 'manifest.json': Buffer.from('[{') }), 'It has neither'],
    ['a list that is no list', () => tarOf({ 'manifest.json': { RepoTags: 'a' } }), 'It has neither'],
    ['an index without its layout', () => tarOf({ 'index.json': OCI }), 'It has neither'],
  ])('is told: %s', async (_, bytes, why) => {
    expect(await read(await bytes())).toMatchObject({
      ok: false,
      error: { code: 'archive-untold', why: expect.stringContaining(why) as string },
    });
  });
});
