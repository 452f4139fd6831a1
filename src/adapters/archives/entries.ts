import { extract, type Header } from 'tar-stream';
import { createHash } from 'node:crypto';
import { problem, type Problem } from '../../core/base/problem';
import { fileError } from '../files/fileProblem';
import { plainName, refuseEntry } from './entryNames';
import { feed } from './feed';

/** A file in an archive. */
export interface Entry {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Where its bytes begin in the tar. */
  readonly offset: number;
  /** Its bytes, where there are few. */
  readonly bytes?: Uint8Array;
}

/** Archives of a release and the images of many add-ons stay below both. */
export const LIMITS = { bytes: 64e9, entries: 10_000 };
/** Lists and scripts are read again and again, and are at the end of archives like anything else. */
const KEPT = 1024 * 1024;
/** Two blocks without content end an archive. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
const END_MARK = 1024;

/** Reads a tar to its end. Throws the problem of one that is damaged or refused. */
export async function readEntries(
  path: string,
  tar: AsyncIterable<Uint8Array>,
  limits: typeof LIMITS = LIMITS,
): Promise<readonly Entry[]> {
  const entries = new Map<string, Entry>();
  const stream = extract();
  let at = 'its beginning';
  let zeros = 0;
  const watched = async function* (): AsyncGenerator<Uint8Array, void> {
    let bytes = 0;
    for await (const piece of tar) {
      bytes += piece.length;
      if (bytes > limits.bytes) throw refused(path, `It holds more than ${limits.bytes / 1e9} GB.`);
      zeros = zerosAtEnd(piece, zeros);
      yield piece;
    }
  };
  const fed = feed(watched(), stream);
  let heads = 0;
  try {
    for await (const source of stream) {
      // tar-stream tells it and its types do not. https://github.com/mafintosh/tar-stream#headers
      const header = source.header as Header & { readonly byteOffset: number };
      const refusal = refuseEntry(header);
      if (refusal !== undefined) throw refused(path, refusal);
      if (++heads > limits.entries) throw refused(path, `It holds more than ${limits.entries} files and folders.`);
      const name = plainName(header.name);
      at = name;
      const hash = createHash('sha256');
      const kept: Uint8Array[] = [];
      for await (const piece of source as AsyncIterable<Uint8Array>) {
        hash.update(piece);
        if (header.size <= KEPT) kept.push(piece);
      }
      if (header.type !== 'file') continue;
      if (entries.has(name)) throw refused(path, `It holds ${JSON.stringify(name)} twice.`);
      const { size, byteOffset: offset } = header;
      const bytes = size <= KEPT ? { bytes: Buffer.concat(kept) } : {};
      entries.set(name, { name, size, sha256: hash.digest('hex'), offset, ...bytes });
    }
  } catch (error) {
    if (error instanceof Error && 'problem' in error) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fileError(damaged(path, `It cannot be read beyond ${at}: ${reason}.`), error);
  } finally {
    stream.destroy();
    await fed;
  }
  if (zeros < END_MARK) throw fileError(damaged(path, `It has no end behind ${at}, so more may have been cut off.`));
  return [...entries.values()];
}

function zerosAtEnd(piece: Uint8Array, before: number): number {
  let zeros = 0;
  while (zeros < piece.length && zeros < END_MARK && piece[piece.length - 1 - zeros] === 0) zeros += 1;
  return zeros === piece.length ? before + zeros : zeros;
}

function refused(path: string, why: string): Error {
  return fileError(
    problem('archive-refused', `${path} is not used`, {
      why,
      nextSteps: ['Look at where it comes from, and pack only the files of the release and of add-ons.'],
    }),
  );
}

function damaged(path: string, why: string): Problem {
  return problem('archive-damaged', `${path} is damaged, or not all of it is there`, {
    why,
    nextSteps: ['Copy it again and compare its sha256 with the one that it has where it comes from, or pack it anew.'],
  });
}
