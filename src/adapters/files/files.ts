import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Files } from '../../engine/ports';
import { writeAtomic } from './atomicWrite';
import { errorCode, explainFileError } from './fileProblem';
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
    writeAtomic: (path, text, mode) => explained(path, 'written', () => writeAtomic(path, text, mode)),
    tighten: (path) => explained(path, 'written', () => tighten(path)),
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

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainFileError(error, path, 'read');
  }
}

/** Windows has no such rights: there the folder of the user protects the file. */
async function tighten(path: string): Promise<{ from: number; to: number } | undefined> {
  if (process.platform === 'win32') return undefined;
  const info = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (info === undefined || (info.mode & 0o077) === 0) return undefined;
  const [from, to] = [info.mode & 0o777, info.mode & 0o700];
  await chmod(path, to);
  return { from, to };
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
