import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem } from '../../core/base/problem';
import { errorCode } from './errorCode';
import { fileError } from './fileProblem';
import { readPlainFile } from './plainFile';
import { keep, removeAtExit } from './removeAtExit';

interface LockTimes {
  /** How long to wait for another holder, in milliseconds. */
  readonly timeoutMs: number;
  /** Age from which the lock of a dead process is removed, in milliseconds. */
  readonly staleMs: number;
}

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;
const MAX_LOCK_BYTES = 1024;
/** What {@link takeLock} writes: process id, host name, a random number. Anybody may have written something else. */
const LOCK_TEXT = /^(\d+) ([\w.-]+) /;

/**
 * Takes the lock file `<path>.lock`, the one that kubectl also makes for a kubeconfig while it writes
 * (client-go, clientcmd `lockFile`), and returns the function that releases it.
 */
export async function takeLock(path: string, times: LockTimes): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const deadline = Date.now() + times.timeoutMs;
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const mine = `${process.pid} ${hostname()} ${randomBytes(6).toString('hex')}\n`;
    if (await create(lock, mine)) {
      removeAtExit(lock, mine);
      return () => release(lock, mine);
    }
    if (await removeIfStale(lock, times.staleMs)) continue;
    if (Date.now() >= deadline) throw await lockedError(path, lock, times.timeoutMs);
    await sleep(pause * (0.5 + Math.random()));
  }
}

async function create(lock: string, content: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } catch (error) {
      await unlink(lock).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    // Windows answers EPERM while the old lock is being deleted.
    if (errorCode(error) === 'EEXIST' || (process.platform === 'win32' && errorCode(error) === 'EPERM')) return false;
    throw error;
  }
}

/** A lock that somebody else had to take over is no longer ours to remove. */
async function release(lock: string, mine: string): Promise<void> {
  if ((await contentOf(lock)) === mine) await unlink(lock).catch(() => undefined);
  keep(lock);
}

/**
 * Removes a lock whose holder is dead. A second lock makes this a one-process affair: otherwise the slower of two
 * could remove the fresh lock of the faster one.
 */
async function removeIfStale(lock: string, staleMs: number): Promise<boolean> {
  if (!(await isStale(lock, staleMs))) return false;
  const guard = `${lock}.stale`;
  if (!(await create(guard, ''))) {
    const guardAge = await ageOf(guard);
    if (guardAge !== undefined && guardAge > staleMs) await unlink(guard).catch(() => undefined);
    return false;
  }
  try {
    if (await isStale(lock, staleMs)) await unlink(lock).catch(() => undefined);
  } finally {
    await unlink(guard).catch(() => undefined);
  }
  return true;
}

async function isStale(lock: string, staleMs: number): Promise<boolean> {
  const age = await ageOf(lock);
  if (age === undefined || age <= staleMs) return false;
  // kubectl's lock is empty and held for milliseconds: an old one is left over.
  const content = await contentOf(lock);
  if (content === undefined) return false;
  const [pid, host] = content.split(/\s/);
  if (pid === undefined || !/^\d+$/.test(pid)) return true;
  return host === hostname() && !isAlive(Number(pid));
}

/** What a lock says; undefined when it is gone, or none of ours and of kubectl's: a link, a pipe, a long text. */
async function contentOf(lock: string): Promise<string | undefined> {
  const read = await readPlainFile(lock, { links: 'refuse' }, MAX_LOCK_BYTES);
  return read.ok ? read.value : undefined;
}

async function ageOf(path: string): Promise<number | undefined> {
  const info = await lstat(path).catch(() => undefined);
  return info === undefined ? undefined : Date.now() - info.mtimeMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function lockedError(path: string, lock: string, timeoutMs: number): Promise<Error> {
  const [, pid, host] = LOCK_TEXT.exec((await contentOf(lock)) ?? '') ?? [];
  const holder =
    pid === undefined || host === undefined
      ? 'Another program, such as kubectl, holds'
      : `Process ${pid} on ${host} holds`;
  return fileError(
    problem('file-locked', `${path} is in use; waited ${timeoutMs / 1000} s. Nothing was changed.`, {
      why: `${holder} the lock ${lock}.`,
      nextSteps: [`Try again when that program has finished. If it no longer runs, delete ${lock}.`],
    }),
  );
}
