import { constants, type Stats } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';

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
export async function readKeyFile(path: string, knownStamp?: string): Promise<Result<FileContent | 'unchanged' | undefined, Problem>> {
  try {
    // Looked at first: opening a device may do something.
    if (!(await stat(path)).isFile()) return (await realpath(path)) === '/dev/null' ? ok(undefined) : err(unreadable(path, 'It is not a regular file.'));
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile()) return err(unreadable(path, 'It is not a regular file.'));
      if (info.size > MAX_BYTES) return err(unreadable(path, `It is larger than ${MAX_BYTES / 1024 / 1024} MiB.`));
      const stamp = stampOf(info);
      return ok(stamp === knownStamp ? 'unchanged' : { stamp, bytes: await file.readFile() });
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT' ? ok(undefined) : err(unreadable(path, READ_FAULTS[code] ?? String(error)));
  }
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
