import { pipeline } from 'node:stream/promises';
import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { problem } from '../../core/base/problem';
import { fileError } from '../files/fileProblem';

const CHUNK = 1024 * 1024;

/** How an archive is packed, by its first bytes: a browser may have unpacked what is still called .gz. */
type Packing = 'none' | 'gzip' | 'zstd';

/** Reads how an archive is packed. */
export async function packingOf(pieces: AsyncIterable<Uint8Array>): Promise<Packing> {
  for await (const [first, second, third, fourth] of pieces) {
    // https://www.rfc-editor.org/rfc/rfc1952#page-6, https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
    if (first === 0x1f && second === 0x8b) return 'gzip';
    if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return 'zstd';
    return 'none';
  }
  return 'none';
}

/** The tar inside an archive. Fails with a problem where this Node does not know how it is packed. */
export function unpacked(
  path: string,
  packing: Packing,
  pieces: AsyncIterable<Uint8Array>,
  { createZstdDecompress }: Partial<Pick<typeof zlib, 'createZstdDecompress'>> = zlib,
): AsyncIterable<Uint8Array> {
  if (packing === 'none') return pieces;
  if (packing === 'gzip') return through(pieces, () => zlib.createGunzip({ chunkSize: CHUNK }));
  if (createZstdDecompress === undefined) throw fileError(noZstd(path));
  return through(pieces, () => createZstdDecompress({ chunkSize: CHUNK }));
}

async function* through(pieces: AsyncIterable<Uint8Array>, create: () => Transform): AsyncGenerator<Uint8Array, void> {
  const source = Readable.from(pieces, { objectMode: true, highWaterMark: 1 });
  const stream = create();
  // Its error is that of the stream, which is read below.
  const over = pipeline(source, stream).catch(() => undefined);
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    stream.destroy();
    await over;
  }
}

/** https://nodejs.org/docs/latest-v22.x/api/zlib.html#zlibcreatezstddecompressoptions */
function noZstd(path: string) {
  return problem('archive-zstd', `${path} is packed with zstd, which Node ${process.versions.node} cannot read`, {
    why: 'Node reads it since 22.15.',
    nextSteps: ['Use Node 22.15 or newer, or pack it as .tar: the largest files in it are packed already.'],
  });
}
