import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, stat, type FileHandle } from 'node:fs/promises';
import type { Result } from '../../core/base/result';
import { err, ok } from '../../core/base/result';
import { errorCode } from './errorCode';

/** What a file must be before its content is used. It must be a regular file in any case: no pipe, device or folder. */
export interface Demands {
  /** `refuse` where others may have put the path there, such as a repository; `follow` for what the person chose. */
  readonly links: 'refuse' | 'follow';
  /** It must belong to the user who runs this program, or to root. Windows has no such owner and is not asked. */
  readonly own?: boolean;
  /** Permission bits that must not be set, e.g. 0o077. Windows has no such bits and is not asked. */
  readonly closedTo?: number;
  /** A second name of another file (a hard link) is refused. */
  readonly oneName?: boolean;
}

/** Why a file is not used: `why` is a sentence; `cause` is the error of the system, where there was one. */
export interface Refusal {
  readonly reason: 'link' | 'kind' | 'owner' | 'permissions' | 'size' | 'system';
  readonly why: string;
  readonly cause?: unknown;
}

/** Missing on Windows, where the comparison of the two looks finds a link. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** A pipe that took the place of the file in between must not keep us waiting. Missing on Windows. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
/** Another program may replace the file while we look; each attempt is checked as the first one. */
const ATTEMPTS = 20;

/**
 * Opens a file that meets `demands`; the caller closes it. They are asked of the path first, because opening a device
 * may already do something, and again of the open file, which nobody can exchange any more. Undefined when there is no
 * file; for `append` it is made then, for its owner only.
 */
export async function openPlainFile(
  path: string,
  access: 'append',
  demands: Demands,
): Promise<Result<FileHandle, Refusal>>;
export async function openPlainFile(
  path: string,
  access: 'read',
  demands: Demands,
): Promise<Result<FileHandle | undefined, Refusal>>;
export async function openPlainFile(
  path: string,
  access: 'read' | 'append',
  demands: Demands,
): Promise<Result<FileHandle | undefined, Refusal>> {
  const noFollow = demands.links === 'refuse' ? NO_FOLLOW : 0;
  const flags = (access === 'read' ? constants.O_RDONLY : constants.O_WRONLY | constants.O_APPEND) | NO_WAIT | noFollow;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const seen = await look(path, demands);
      if (seen === undefined && access === 'read') return ok(undefined);
      if (seen === undefined) return ok(await open(path, flags | constants.O_CREAT | constants.O_EXCL, 0o600));
      const refusal = refuse(seen, demands);
      if (refusal !== undefined) return err(refusal);
      const file = await open(path, flags);
      const found = await ask(file, seen, demands);
      if (found === 'this one') return ok(file);
      await file.close();
      if (found !== 'another one') return err(found);
    } catch (error) {
      // Gone, come or replaced by a link since the look: the next one tells.
      if (!['ENOENT', 'EEXIST', 'ELOOP'].includes(errorCode(error)) || attempt === ATTEMPTS)
        return err(systemRefusal(error));
    }
  }
  return err({ reason: 'link', why: 'It was exchanged again and again while it was being opened.' });
}

/** The text of a file that meets `demands` and has at most `maxBytes`; undefined when there is no file. */
export async function readPlainFile(
  path: string,
  demands: Demands,
  maxBytes: number,
): Promise<Result<string | undefined, Refusal>> {
  const opened = await openPlainFile(path, 'read', demands);
  if (!opened.ok || opened.value === undefined) return opened.ok ? ok(undefined) : opened;
  const file = opened.value;
  try {
    return await readAtMost(file, maxBytes);
  } catch (error) {
    return err(systemRefusal(error));
  } finally {
    await file.close();
  }
}

/** Counts what it reads: the size that the system tells is 0 for files of /proc and old for a file that grows. */
async function readAtMost(file: FileHandle, maxBytes: number): Promise<Result<string, Refusal>> {
  const parts: Buffer[] = [];
  for (let length = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(65_536), 0, 65_536, null);
    if (bytesRead === 0) return ok(Buffer.concat(parts).toString('utf8'));
    length += bytesRead;
    if (length > maxBytes) return err({ reason: 'size', why: `It is larger than ${maxBytes / 2 ** 20} MiB.` });
    parts.push(buffer.subarray(0, bytesRead));
  }
}

async function look(path: string, { links }: Demands): Promise<BigIntStats | undefined> {
  try {
    return await (links === 'refuse' ? lstat : stat)(path, { bigint: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function ask(
  file: FileHandle,
  seen: BigIntStats,
  demands: Demands,
): Promise<Refusal | 'this one' | 'another one'> {
  try {
    const opened = await file.stat({ bigint: true });
    if (opened.dev !== seen.dev || opened.ino !== seen.ino) return 'another one';
    return refuse(opened, demands) ?? 'this one';
  } catch (error) {
    return systemRefusal(error);
  }
}

/** Why this is no file to use, or undefined: the same questions for the path and for the open file. */
export function refuse(file: BigIntStats, demands: Demands): Refusal | undefined {
  if (file.isSymbolicLink()) return { reason: 'link', why: 'It is a symbolic link, and links are not followed here.' };
  if (!file.isFile()) return { reason: 'kind', why: `It is ${kindOf(file)}, not a file.` };
  if (demands.oneName === true && file.nlink > 1n)
    return { reason: 'link', why: 'It is a hard link: the same file has a second name somewhere else.' };
  return refuseAccess(file, demands);
}

/** The part of {@link refuse} that is asked of folders as well: owner and permissions. */
export function refuseAccess(
  file: BigIntStats,
  { own, closedTo = 0 }: Pick<Demands, 'own' | 'closedTo'>,
): Refusal | undefined {
  if (process.platform === 'win32') return undefined;
  const uid = Number(file.uid);
  if (own === true && !owners().includes(uid))
    return { reason: 'owner', why: `It belongs to another user of this machine (uid ${uid}).` };
  const mode = Number(file.mode) & 0o777;
  if ((mode & closedTo) === 0) return undefined;
  return {
    reason: 'permissions',
    why: `Its permissions are ${mode.toString(8).padStart(4, '0')}; only the owner may have access.`,
  };
}

/** Who may own what we trust. Under sudo that is also the person who called it, as git has it for safe.directory. */
function owners(): readonly number[] {
  const self = process.getuid?.() ?? 0;
  const caller = self === 0 ? process.env['SUDO_UID'] : undefined;
  return [0, self, ...(caller !== undefined && /^\d+$/.test(caller) ? [Number(caller)] : [])];
}

function kindOf(file: BigIntStats): string {
  if (file.isDirectory()) return 'a folder';
  if (file.isFIFO()) return 'a pipe';
  return file.isSocket() ? 'a socket' : 'a device';
}

function systemRefusal(error: unknown): Refusal {
  return { reason: 'system', why: error instanceof Error ? error.message : String(error), cause: error };
}
