import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '../../core/base/problem';
import type { Files } from '../../engine/ports';
import { writeAtomic } from './atomicWrite';
import { errorCode } from './errorCode';
import { explainFileError, fileError, refusedFileError } from './fileProblem';
import { takeLock } from './lock';
import { openPlainFile, readPlainFile } from './plainFile';

interface FilesOptions {
  /**
   * Whether symbolic links at this path are followed: the person chose it, as with their kubeconfig. Everywhere else,
   * in the folder of a cluster file or below our own state, they are refused, as pipes and devices are.
   */
  readonly followLinks: (path: string) => boolean;
  /** How long to wait for a lock. Default: 10 s. */
  readonly lockTimeoutMs?: number;
  /** Age from which the lock of a dead process is removed. Default: 30 s. */
  readonly lockStaleMs?: number;
}

/** More than any file that we read back: kubeconfigs and run journals. */
const MAX_BYTES = 64 * 2 ** 20;

/** Files on this machine. Every failure is thrown as an Error with a `problem`. */
export function createFiles(options: FilesOptions): Files {
  const times = { timeoutMs: options.lockTimeoutMs ?? 10_000, staleMs: options.lockStaleMs ?? 30_000 };
  return {
    read: (path) => (options.followLinks(path) ? read(path) : readPlain(path)),
    writeAtomic: (path, text, mode) =>
      explained(path, 'written', () => writeAtomic(path, text, mode, options.followLinks(path) ? 'follow' : 'refuse')),
    tighten: (path) => explained(path, 'written', () => tighten(path)),
    readEnd: (path, bytes) => readEnd(path, bytes),
    appendLine: (path, line) => explained(path, 'written', () => appendLine(path, line)),
    async withLock(path, work) {
      const release = await explained(path, 'locked', () => takeLock(path, times));
      try {
        return await work();
      } finally {
        await release();
      }
    },
  };
}

/** Bytes of a file that is read as a whole; kubeconfigs of thousands of clusters have some megabytes. */
const LARGEST = 64 * 1024 * 1024;

async function read(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST)
      throw fileError(
        problem('file-too-large', `${path} has more than ${LARGEST / 1024 / 1024} MiB and is not read.`, {
          nextSteps: ['Check the path.'],
        }),
      );
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path, 'read');
  }
}

async function readPlain(path: string): Promise<string | undefined> {
  const text = await readPlainFile(path, { links: 'refuse' }, MAX_BYTES);
  if (!text.ok) throw refusedFileError(path, text.error, 'read');
  return text.value;
}

/** Windows has no such rights: there the folder of the user protects the file. */
async function tighten(path: string): Promise<{ from: number; to: number } | undefined> {
  if (process.platform === 'win32') return undefined;
  const opened = await openPlainFile(path, 'read', { links: 'follow' });
  if (!opened.ok) throw refusedFileError(path, opened.error, 'written');
  const file = opened.value;
  if (file === undefined) return undefined;
  try {
    const { mode } = await file.stat();
    if ((mode & 0o077) === 0) return undefined;
    const [from, to] = [mode & 0o777, mode & 0o700];
    await file.chmod(to);
    return { from, to };
  } finally {
    await file.close();
  }
}

async function readEnd(path: string, bytes: number): Promise<string | undefined> {
  const opened = await openPlainFile(path, 'read', { links: 'refuse' });
  if (!opened.ok) throw refusedFileError(path, opened.error, 'read');
  const file = opened.value;
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    throw explainFileError(error, path, 'read');
  } finally {
    await file.close();
  }
}

async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const opened = await openPlainFile(path, 'append', { links: 'refuse', own: true, oneName: true });
  if (!opened.ok) throw refusedFileError(path, opened.error, 'written');
  const file = opened.value;
  try {
    // One write call: lines of several processes do not mix.
    await file.write(`${line}\n`);
  } finally {
    await file.close();
  }
}

async function explained<T>(path: string, deed: 'written' | 'locked', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainFileError(error, path, deed);
  }
}
