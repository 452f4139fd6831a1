import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, mkdir, open, readlink, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from './errorCode';
import { refusedFileError } from './fileProblem';
import { refuse } from './plainFile';
import { keep, removeAtExit } from './removeAtExit';

const FOLDER_MODE = 0o700;
const PERMISSIONS = 0o7777;
const MAX_LINKS = 40;

/**
 * Replaces the content of a file in one step: a reader sees the old text or the new one, never a part, and a full disk
 * or a crash leaves the old one. Keeps mode and owner; `mode` is for a file that is new. `links`: whether a symbolic
 * link at `path` is followed, or refused, as anything else is then that is no regular file.
 */
export async function writeAtomic(path: string, text: string, mode: number, links: 'follow' | 'refuse'): Promise<void> {
  const target = links === 'follow' ? await linkTarget(path) : await plainTarget(path);
  await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
  const old = await statIfThere(target);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', 0o600);
  removeAtExit(temporary);
  try {
    try {
      await file.writeFile(text, 'utf8');
      await adopt(file, old, mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    keep(temporary);
  }
  await syncFolder(dirname(target));
}

/** Where a chain of links ends, even if nothing is there yet: dotfile managers link to files that come later. */
async function linkTarget(path: string): Promise<string> {
  let current = resolve(path);
  for (let links = 0; ; links++) {
    const info = await lstat(current).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (info?.isDirectory() === true) throw Object.assign(new Error(`${current} is a folder`), { code: 'EISDIR' });
    if (info?.isSymbolicLink() !== true) return current;
    if (links === MAX_LINKS) throw Object.assign(new Error(`too many links at ${path}`), { code: 'ELOOP' });
    current = resolve(dirname(current), await readlink(current));
  }
}

/** The path itself. What is there is replaced by its name, so neither a link nor a second name of it is written to. */
async function plainTarget(path: string): Promise<string> {
  const target = resolve(path);
  const refusal = await lstat(target, { bigint: true }).then(
    (file) => refuse(file, { links: 'refuse' }),
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (refusal !== undefined) throw refusedFileError(path, refusal, 'written');
  return target;
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function adopt(file: FileHandle, old: Stats | undefined, mode: number): Promise<void> {
  if (process.platform === 'win32') return;
  if (old !== undefined) {
    const own = await file.stat();
    // Only root may give a file away; for everyone else the file is already their own or cannot keep its owner.
    if (own.uid !== old.uid || own.gid !== old.gid) await file.chown(old.uid, old.gid).catch(() => undefined);
  }
  // After chown, which clears bits; explicit, because the umask must not widen or narrow it.
  await file.chmod(old === undefined ? mode : old.mode & PERMISSIONS);
}

/** On Windows a virus scanner or another reader may hold the file for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (process.platform !== 'win32' || attempt === 10 || !['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error)))
        throw error;
      await sleep(attempt * 20);
    }
  }
}

/** Makes the rename itself survive a power cut; not possible on Windows and on some network file systems. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
