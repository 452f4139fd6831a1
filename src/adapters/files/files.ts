import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { problem } from '../../core/base/problem';
import type { Files } from '../../engine/ports';
import { writeAtomic } from './atomicWrite';
import { errorCode, explainFileError, fileError } from './fileProblem';
import { takeLock } from './lock';

interface FilesOptions {
  /** How long to wait for a lock. Default: 10 s. */
  readonly lockTimeoutMs?: number;
  /** Age from which the lock of a dead process is removed. Default: 30 s. */
  readonly lockStaleMs?: number;
}

/** Files on this machine. Every failure is thrown as an Error with a `problem`. */
export function createFiles(options: FilesOptions = {}): Files {
  const times = { timeoutMs: options.lockTimeoutMs ?? 10_000, staleMs: options.lockStaleMs ?? 30_000 };
  return {
    read: (path) => read(path),
    readEnd: (path, bytes) => readEnd(path, bytes),
    writeAtomic: (path, text, mode) => explained(path, 'written', () => writeAtomic(path, text, mode)),
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
    if (size > LARGEST) throw fileError(problem('file-too-large', `${path} has more than ${LARGEST / 1024 / 1024} MiB and is not read.`, { nextSteps: ['Check the path.'] }));
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path, 'read');
  }
}

async function readEnd(path: string, bytes: number): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, bytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path, 'read');
  }
}

async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
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
