import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { ArtifactFolder, Artifacts } from '../../engine/ports';
import { explainFileError, fileError, refusedFileError } from './fileProblem';
import { listFiles, outside } from './listFiles';
import { locateNamed, type NamedFolders, type NamedPlace } from './namedFile';
import { openPlainFile } from './plainFile';

/** One read of the disk, and one piece of what is sent. A quarter of it makes an upload measurably slower. */
const PIECE = 1024 * 1024;

/** An archive as it was when it was opened. */
export interface ArchiveFile {
  /** The path of the cluster file. */
  readonly path: string;
  /** Its bytes from an offset on, as often as they are asked for; a change meanwhile ends them with an error. */
  pieces(from?: number): AsyncGenerator<Uint8Array, void>;
}

/** Looks into a tar archive. */
export type ReadArchive = (file: ArchiveFile) => Promise<Result<ArtifactFolder, Problem>>;

/** What looks into archives; it comes in a bundle of its own. */
export interface ArchiveReaders {
  readonly readArchive: ReadArchive;
  readonly readImageNames: Artifacts['imageNames'];
}

/** Files that one cluster file names, as byte inputs, and what lies in its archives. */
export function createArtifacts(folders: NamedFolders, { readArchive, readImageNames }: ArchiveReaders): Artifacts {
  return {
    ...artifactFolder(folders),
    imageNames: readImageNames,
    async archive(path) {
      const found = await examine(path, folders);
      return found.ok ? readArchive({ path, pieces: (from) => piecesOf(found.value, from) }) : found;
    },
  };
}

/** Files below the folder of a cluster file, or outside where its paths say so. */
export function artifactFolder(folders: NamedFolders): ArtifactFolder {
  return {
    list: (pattern) => listFiles(pattern, folders),
    async open(path) {
      const found = await examine(path, folders);
      if (!found.ok) return found;
      const { place } = found.value.named;
      try {
        const hash = createHash('sha256');
        let size = 0;
        for await (const piece of piecesOf(found.value)) {
          hash.update(piece);
          size += piece.length;
        }
        return ok<ByteInput>({ size, sha256: hash.digest('hex'), open: () => piecesOf(found.value) });
      } catch (error) {
        return err(explainFileError(error, place, 'read').problem);
      }
    },
  };
}

/** A file as it was when the plan was made. */
interface Examined {
  readonly named: NamedPlace;
  readonly stats: BigIntStats;
}

async function examine(path: string, folders: NamedFolders): Promise<Result<Examined, Problem>> {
  const named = await locateNamed(path, folders);
  if (!named.ok) return err(outside(path, named.error));
  const opened = await openFile(named.value);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    return ok({ named: named.value, stats: await file.stat({ bigint: true }) });
  } catch (error) {
    return err(explainFileError(error, named.value.place, 'read').problem);
  } finally {
    await file.close();
  }
}

async function openFile({ place, links }: NamedPlace): Promise<Result<FileHandle, Problem>> {
  const opened = await openPlainFile(place, 'read', { links });
  if (!opened.ok) return err(refusedFileError(place, opened.error, 'read').problem);
  return opened.value === undefined ? err(missing(place)) : ok(opened.value);
}

/**
 * Every piece in a buffer of its own: whoever got it may keep it until it has left this machine. The file has to be the one
 * that was examined, from the first piece to the last.
 */
async function* piecesOf({ named, stats }: Examined, from = 0): AsyncGenerator<Uint8Array, void> {
  const opened = await openFile(named);
  if (!opened.ok) throw fileError(opened.error);
  const file = opened.value;
  try {
    if (!same(stats, await file.stat({ bigint: true }))) throw fileError(changed(named.place));
    for (let at = from; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    if (!same(stats, await file.stat({ bigint: true }))) throw fileError(changed(named.place));
  } finally {
    await file.close();
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

function changed(path: string): Problem {
  return problem('file-changed', `${path} has changed since it was examined.`, {
    nextSteps: ['Wait until nothing writes to it any more, then try again.'],
  });
}
