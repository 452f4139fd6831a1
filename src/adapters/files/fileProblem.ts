import type { Problem } from '../../core/base/problem';
import { formatProblem, problem } from '../../core/base/problem';
import { errorCode } from './errorCode';
import type { Refusal } from './plainFile';

/** What {@link Files} throws: an Error whose `problem` can be shown as it is. */
interface FileError extends Error {
  readonly problem: Problem;
}

export function fileError(p: Problem, cause?: unknown): FileError {
  return Object.assign(new Error(formatProblem(p), { cause }), { problem: p });
}

/** The problem inside an error of this adapter; any other error is a bug and goes on. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'problem' in error) return (error as FileError).problem;
  throw error;
}

/** Tells why a file is not touched that somebody else may have put there. */
export function refusedFileError(path: string, refusal: Refusal, deed: 'read' | 'written'): FileError {
  if (refusal.reason === 'system') return explainFileError(refusal.cause, path, deed);
  const next = `Look at ${path} and remove it, or put a file of its own in its place, then try again.`;
  return fileError(
    problem('file-refused', `${path} is not ${deed}; nothing was changed.`, { why: refusal.why, nextSteps: [next] }),
  );
}

/** Tells a failed system call in words. `deed` completes "could not be …". */
export function explainFileError(error: unknown, path: string, deed: 'read' | 'written' | 'locked'): FileError {
  if (error instanceof Error && 'problem' in error) return error as FileError;
  const code = errorCode(error);
  const [why, step] = CAUSES[code] ?? [
    error instanceof Error ? error.message : String(error),
    'Check the path and try again.',
  ];
  const kept = deed === 'written' ? ' What was there before is unchanged.' : '';
  return fileError(
    problem(`file-not-${deed}`, `${path} could not be ${deed}.${kept}`, { why, nextSteps: [step] }),
    error,
  );
}

const CAUSES: Partial<Record<string, readonly [string, string]>> = {
  ENOENT: ['There is no such file or folder.', 'Correct the path, or make what it names.'],
  ENOSPC: ['The disk is full.', 'Free some space and try again.'],
  EDQUOT: ['The disk quota is used up.', 'Free some space and try again.'],
  EFBIG: [
    'The file would exceed the largest size allowed here.',
    'Raise the file size limit (ulimit -f) and try again.',
  ],
  EACCES: ['Access is denied.', 'Check the owner and the permissions of the file and its folder.'],
  EPERM: ['The operation is not permitted.', 'Check the owner and the permissions of the file and its folder.'],
  EROFS: ['The file system is read-only.', 'Choose a path on a file system that can be written.'],
  EISDIR: ['It is a folder.', 'Name a file.'],
  ENOTDIR: ['A part of the path is a file, not a folder.', 'Correct the path.'],
  ELOOP: ['Its symbolic links form a circle.', 'Correct the link.'],
};
