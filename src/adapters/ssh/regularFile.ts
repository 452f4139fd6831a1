import type { Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { errorCode } from '../files/errorCode';
import { openPlainFile } from '../files/plainFile';

/** More than any list of keys has; a bigger file is something else. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Bytes of a file with a stamp that changes with it. */
export interface FileContent {
  readonly stamp: string;
  readonly bytes: Buffer;
}

/**
 * Reads a file of keys; undefined when there is none (`/dev/null` counts as none), 'unchanged' when it still has
 * `knownStamp`. Anything that cannot be read to its end is a problem and never an empty list. Waits for no pipe and no
 * device.
 */
export async function readKeyFile(
  path: string,
  knownStamp?: string,
): Promise<Result<FileContent | 'unchanged' | undefined, Problem>> {
  const opened = await openPlainFile(path, 'read', { links: 'follow' });
  if (!opened.ok)
    return (await isNowhere(path))
      ? ok(undefined)
      : err(unreadable(path, READ_FAULTS[errorCode(opened.error.cause)] ?? opened.error.why));
  const file = opened.value;
  if (file === undefined) return ok(undefined);
  try {
    const info = await file.stat();
    if (info.size > MAX_BYTES) return err(unreadable(path, `It is larger than ${MAX_BYTES / 1024 / 1024} MiB.`));
    const stamp = stampOf(info);
    return ok(stamp === knownStamp ? 'unchanged' : { stamp, bytes: await file.readFile() });
  } catch (error) {
    return err(unreadable(path, String(error)));
  } finally {
    await file.close();
  }
}

async function isNowhere(path: string): Promise<boolean> {
  return (await realpath(path).catch(() => path)) === '/dev/null';
}

const READ_FAULTS: Partial<Record<string, string>> = {
  EACCES: 'Access is denied.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  ELOOP: 'Its symbolic links form a loop.',
};

function stampOf(info: Stats): string {
  return `${info.mtimeMs}:${info.size}:${info.ino}`;
}

/** A list of host keys that decides about trust and cannot be read. */
export function unreadable(path: string, why: string): Problem {
  return problem('ssh-known-hosts-unreadable', `The host keys in ${path} cannot be read, so nothing was sent.`, {
    why: `${why} It may hold a key of the host, or revoke the one that the host shows.`,
    nextSteps: ['Make it a file that you can read, or correct the path in ~/.ssh/config or in the cluster file.'],
  });
}
