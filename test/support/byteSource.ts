import { createHash } from 'node:crypto';
import type { ByteInput } from '../../src/core/remote/remoteCommand';

/** Bytes that stand nowhere: made piece by piece while they are read. */
export interface ByteSource extends ByteInput {
  /** Bytes that were asked for so far, over all readings. */
  readonly given: () => number;
  /** Readings that have ended, in whichever way. */
  readonly closed: () => number;
}

interface SourceOptions {
  /** How many bytes really come; `size` when it is left out. */
  readonly real?: number;
  /** Before each piece; may wait or throw. */
  readonly before?: (given: number) => Promise<void> | void;
}

const PIECE = 256 * 1024;

/** A source of `size` bytes, each piece another one. */
export function byteSource(size: number, { real = size, before }: SourceOptions = {}): ByteSource {
  let given = 0;
  let closed = 0;
  return {
    size,
    sha256: hashOf(size),
    given: () => given,
    closed: () => closed,
    async *open() {
      try {
        for (const piece of pieces(real)) {
          await before?.(given);
          given += piece.length;
          yield piece;
        }
      } finally {
        closed += 1;
      }
    },
  };
}

function* pieces(size: number): Generator<Buffer> {
  for (let at = 0; at < size; at += PIECE) {
    const piece = Buffer.alloc(Math.min(PIECE, size - at), (at / PIECE) % 251);
    piece.writeUInt8(piece.length % 256, piece.length - 1);
    yield piece;
  }
}

function hashOf(size: number): string {
  const hash = createHash('sha256');
  for (const piece of pieces(size)) hash.update(piece);
  return hash.digest('hex');
}
