import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { Artifacts } from '../../engine/ports';
import { explainFileError, fileError, refusedFileError } from './fileProblem';
import { listFiles, outside } from './listFiles';
import { locateNamed, type NamedFolders, type NamedPlace } from './namedFile';
import { openPlainFile } from './plainFile';

/** One read of the disk, and one piece of what is sent. A quarter of it makes an upload measurably slower. */
const PIECE = 1024 * 1024;

/** Files that one cluster file names, as byte inputs. */
export function createArtifacts(folders: NamedFolders): Artifacts {
  const openFile = async ({ place, links }: NamedPlace): Promise<Result<FileHandle, Problem>> => {
    const opened = await openPlainFile(place, 'read', { links });
    if (!opened.ok) return err(refusedFileError(place, opened.error, 'read').problem);
    return opened.value === undefined ? err(missing(place)) : ok(opened.value);
  };

  /** A file that is still the one that was examined. */
  const openAgain = async (named: NamedPlace, examined: BigIntStats): Promise<FileHandle> => {
    const opened = await openFile(named);
    if (!opened.ok) throw fileError(opened.error);
    if (same(examined, await opened.value.stat({ bigint: true }))) return opened.value;
    await opened.value.close();
    throw fileError(changed(named.place, 'since it was examined'));
  };

  return {
    list: (pattern) => listFiles(pattern, folders),
    async open(path) {
      const named = await locateNamed(path, folders);
      if (!named.ok) {
        return err(outside(path, named.error));
      }
      const { place } = named.value;
      const opened = await openFile(named.value);
      if (!opened.ok) return opened;
      const file = opened.value;
      try {
        const examined = await file.stat({ bigint: true });
        const hash = createHash('sha256');
        let size = 0;
        for await (const piece of piecesOf(file)) {
          hash.update(piece);
          size += piece.length;
        }
        if (!same(examined, await file.stat({ bigint: true }))) return err(changed(place, 'while it was read'));
        return ok<ByteInput>({
          size,
          sha256: hash.digest('hex'),
          async *open() {
            const again = await openAgain(named.value, examined);
            try {
              yield* piecesOf(again);
            } finally {
              await again.close();
            }
          },
        });
      } catch (error) {
        return err(explainFileError(error, place, 'read').problem);
      } finally {
        await file.close();
      }
    },
  };
}

/** Every piece in a buffer of its own: whoever got it may keep it until it has left this machine. */
async function* piecesOf(file: FileHandle): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The time of the last change of a file tells more than its content does, and nothing can set it back. */
function same(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino && one.size === other.size && one.ctimeNs === other.ctimeNs;
}

function missing(path: string): Problem {
  return problem('file-missing', `${path} does not exist.`, {
    nextSteps: ['Correct the path in the cluster file, or put the file there.'],
  });
}

function changed(path: string, when: string): Problem {
  return problem('file-changed', `${path} has changed ${when}.`, {
    nextSteps: ['Wait until nothing writes to it any more, then try again.'],
  });
}
