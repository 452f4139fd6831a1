import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../adapters/files/atomicWrite';
import { errorCode } from '../adapters/files/errorCode';
import { explainFileError } from '../adapters/files/fileProblem';
import { openPlainFile, readPlainFile, refuseAccess, type Demands, type Refusal } from '../adapters/files/plainFile';
import type { Problem } from '../core/base/problem';
import { problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';

/** A folder of ours in a place that others can fill, e.g. a repository: its files are plain, and our own. */
export interface KeptFolder {
  /** What a file held when the folder was opened; empty when there was none. */
  text(name: string): string;
  /** Replaces a file where its text differs, and gives it these permissions. */
  put(name: string, text: string, mode: number): Promise<Result<void, Problem>>;
}

const PLAIN: Demands = { links: 'refuse', own: true, oneName: true };
/** Keys of some thousand hosts are smaller. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Opens the folder `path`, made when it is missing, and reads `names` in it. Refuses every link, and whatever belongs
 * to another user.
 */
export async function openFolder(path: string, names: readonly string[]): Promise<Result<KeptFolder, Problem>> {
  try {
    const refusal = await refuseFolder(path);
    if (refusal !== undefined) return err(notOurs(path, refusal));
    const texts = new Map<string, string>();
    for (const name of names) {
      const read = await readPlainFile(join(path, name), PLAIN, MAX_BYTES);
      if (!read.ok) return err(notOurs(join(path, name), read.error));
      texts.set(name, read.value ?? '');
    }
    const text = (name: string): string => texts.get(name) ?? '';
    return ok({ text, put: (name, content, mode) => put(join(path, name), text(name), content, mode) });
  } catch (error) {
    return err(explainFileError(error, path, 'read').problem);
  }
}

async function refuseFolder(path: string): Promise<Refusal | undefined> {
  try {
    const folder = await lstat(path, { bigint: true });
    if (folder.isSymbolicLink())
      return { reason: 'link', why: 'It is a symbolic link, and links are not followed here.' };
    return folder.isDirectory() ? refuseAccess(folder, { own: true }) : { reason: 'kind', why: 'It is not a folder.' };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  await mkdir(path, { recursive: true, mode: 0o700 });
  return undefined;
}

async function put(path: string, before: string, text: string, mode: number): Promise<Result<void, Problem>> {
  try {
    if (text !== before) await writeAtomic(path, text, mode, 'refuse');
    const opened = await openPlainFile(path, 'read', PLAIN);
    if (!opened.ok) return err(notOurs(path, opened.error));
    // The open file gets the permissions: whatever stands at its path by now stays as it is.
    await opened.value?.chmod(mode).finally(() => opened.value?.close());
    return ok(undefined);
  } catch (error) {
    return err(explainFileError(error, path, 'written').problem);
  }
}

/** What is told of a path that is not touched; `why` is a sentence. */
export function notOurs(path: string, { why }: Pick<Refusal, 'why'>): Problem {
  return problem('practice-folder', `The practice fleet does not use ${path}, and nothing was changed`, {
    why,
    nextSteps: [`Remove ${path} and start the practice fleet again: it is made anew.`],
  });
}
