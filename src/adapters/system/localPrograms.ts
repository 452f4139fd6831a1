import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { hookTimeLimit } from '../../core/cluster/hooks';
import { hookFailed } from '../../core/remote/runHook';
import type { ProgramRun, ProgramRunner } from '../../engine/ports';
import { createLineSplitter } from '../ssh/lines';

/** What a program gets of the person's environment: who they are and where programs are, and no secret. */
const ENVIRONMENT = ['HOME', 'LANG', 'LC_ALL', 'LOGNAME', 'PATH', 'TMPDIR', 'TZ', 'USER'];

/** Between the request to end and the end; shorter than the command line waits after Ctrl-C. */
const GRACE_MS = 500;

/** After the end: for output that is still on its way when somebody else holds the other end open. */
const DRAIN_MS = 500;

/** Last lines that a failure tells. */
const KEPT_LINES = 3;

export interface LocalProgramPlace {
  /** Folder of the cluster file, in which programs begin. */
  readonly baseDir: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs programs of cluster files on this machine: the bytes that were agreed to, from a private folder that goes with them,
 * without a shell and without input, in a process group that ends as a whole.
 */
export function createProgramRunner({ baseDir, env }: LocalProgramPlace): ProgramRunner {
  return {
    async run(program) {
      if (process.platform === 'win32') return err(notOnWindows(program.name));
      const folder = await mkdtemp(join(tmpdir(), 'k3s-ha-hook-'));
      try {
        const path = join(folder, 'hook');
        await pipeline(Readable.from(program.input.open()), createWriteStream(path, { flags: 'wx', mode: 0o700 }));
        const kept = ENVIRONMENT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
        return await carryOut(path, { ...Object.fromEntries(kept), ...program.env }, baseDir, program);
      } catch (error) {
        return err(notRun(program.name, error));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

function carryOut(
  path: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
  { name, timeoutMs, signal, onLine }: ProgramRun,
): Promise<Result<void, Problem>> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve(err(hookFailed(name, 'it was cancelled', '')));
    const child = spawn(path, [], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const last: string[] = [];
    const splitters = [child.stdout, child.stderr].map((stream) => {
      const lines = createLineSplitter((line) => {
        last.push(line);
        if (last.length > KEPT_LINES) last.shift();
        onLine?.(line);
      });
      stream.on('data', (chunk: Buffer) => lines.push(chunk));
      return lines;
    });
    let ended: string | undefined;
    let kill: NodeJS.Timeout | undefined;
    const end = (why: string): void => {
      ended ??= why;
      endGroup(child, 'SIGTERM');
      kill ??= setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const onAbort = (): void => end('it was cancelled');
    const limit = setTimeout(() => end(`it ran longer than ${hookTimeLimit(timeoutMs)} and was ended`), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    let drain: NodeJS.Timeout | undefined;
    // A process group of its own would outlive this process.
    const atExit = (): void => {
      endGroup(child, 'SIGKILL');
      rmSync(dirname(path), { recursive: true, force: true });
    };
    endAtExit(atExit);
    const settle = (result: Result<void, Problem>): void => {
      for (const timer of [limit, kill, drain]) clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      running.delete(atExit);
      resolve(result);
    };
    child.once('error', (error) => settle(err(notRun(name, error))));
    child.once('exit', () => {
      endGroup(child, 'SIGKILL');
      // Whoever left the group may keep the pipes open for ever.
      drain = setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), DRAIN_MS);
    });
    child.once('close', (code, killed) => {
      for (const lines of splitters) lines.end();
      if (ended === undefined && code === 0) return settle(ok(undefined));
      const status = code === null ? `it was ended by ${killed}` : `it ended with exit status ${code}`;
      settle(err(hookFailed(name, ended ?? status, last.join('\n'))));
    });
  });
}

/** What ends each program that runs. */
const running = new Set<() => void>();
let watching = false;

function endAtExit(end: () => void): void {
  running.add(end);
  if (watching) return;
  watching = true;
  process.on('exit', () => running.forEach((each) => each()));
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function notRun(name: string, error: unknown): Problem {
  return problem('hook-not-run', `The hook ${name} could not be run on this computer`, {
    why: error instanceof Error ? error.message : String(error),
    nextSteps: [
      'Look whether the program of its first line is there, and whether programs may run from the temporary folder (TMPDIR).',
    ],
  });
}

function notOnWindows(name: string): Problem {
  return problem('hook-not-run', `The hook ${name} could not be run on this computer`, {
    why: 'Windows does not run scripts by their first line.',
    nextSteps: ['Write on: host, or work in WSL.'],
  });
}
