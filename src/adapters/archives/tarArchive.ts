import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { ArchiveFile, ReadArchive } from '../files/artifacts';
import { explainFileError } from '../files/fileProblem';
import { nameMatcher } from '../files/listFiles';
import { readEntries, type Entry } from './entries';
import { topFolder } from './entryNames';
import { packingOf, unpacked } from './unpacked';

/** Looks into a tar archive once, and reads each of its files out of it whenever a host gets it. */
export const readArchive: ReadArchive = async (file) => {
  const { path } = file;
  try {
    const packing = await packingOf(file.pieces());
    const entries = await readEntries(path, unpacked(path, packing, file.pieces()));
    const top = topFolder(entries.map(({ name }) => name));
    const named = new Map(entries.map((entry) => [`${path}/${entry.name.slice(top.length)}`, entry]));
    // Without packing a file begins where it lies; otherwise what is before it is read once more.
    const bytesOf = ({ offset, size }: Entry): AsyncIterable<Uint8Array> =>
      packing === 'none'
        ? part(file.pieces(offset), 0, size)
        : part(unpacked(path, packing, file.pieces()), offset, size);
    return ok({
      async open(wanted) {
        const entry = named.get(wanted);
        return entry === undefined ? err(missing(file, wanted)) : ok(inputOf(entry, bytesOf));
      },
      async list(pattern) {
        const at = pattern.lastIndexOf('/') + 1;
        const [folder, isWanted] = [pattern.slice(0, at), nameMatcher(pattern.slice(at))];
        const found = [...named.keys()].filter((name) => name.startsWith(folder) && isWanted(name.slice(at)));
        const here = found.filter((name) => !name.slice(at).includes('/')).sort();
        return here.length > 0 ? ok(here) : err(missing(file, pattern));
      },
    });
  } catch (error) {
    return err(explainFileError(error, path, 'read').problem);
  }
};

function inputOf(entry: Entry, bytesOf: (entry: Entry) => AsyncIterable<Uint8Array>): ByteInput {
  const { size, sha256, bytes } = entry;
  return { size, sha256, open: () => (bytes === undefined ? bytesOf(entry) : inOnePiece(bytes)) };
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  if (bytes.length > 0) yield bytes;
}

async function* part(pieces: AsyncIterable<Uint8Array>, from: number, size: number): AsyncGenerator<Uint8Array, void> {
  let at = 0;
  const end = from + size;
  if (size === 0) return;
  for await (const piece of pieces) {
    const wanted = piece.subarray(Math.max(0, from - at), Math.max(0, end - at));
    at += piece.length;
    if (wanted.length > 0) yield wanted;
    if (at >= end) return;
  }
}

function missing({ path }: ArchiveFile, wanted: string) {
  return problem('file-missing', `${path} holds no ${wanted.slice(path.length + 1)}.`, {
    nextSteps: ['Pack the file into the archive.'],
  });
}
