import { spawn } from 'node:child_process';
import { createLineSplitter } from '../lines';

/** What one ssh said and how it ended. */
export interface SshEnd {
  /** 0: it has logged in and gone into the background. Undefined: it was ended here. */
  readonly exitCode: number | undefined;
  /** The server stopped answering in the middle. */
  readonly silent: boolean;
  /** Lines of its debug output, oldest first. */
  readonly lines: readonly string[];
  /** What it said last, later on too. */
  lastWords(): string | undefined;
}

interface Limits {
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly totalMs: number;
  readonly signal: AbortSignal;
  /** Without a word from a server that has greeted, until it has shown its key; later a person may be asked. */
  readonly silenceMs: number;
  /** Whether a line says all that was to be found out. */
  readonly enough?: (line: string) => boolean;
}

/** Lines that are kept; a login has fewer than 200. */
const KEPT = 1_000;

/** Runs ssh until it goes into the background or ends. Rejects when it cannot be started. */
export function runSsh(program: string, args: readonly string[], limits: Limits): Promise<SshEnd> {
  const { homeDir, env, totalMs, silenceMs, signal, enough = () => false } = limits;
  return new Promise((resolve, reject) => {
    // SSH_ASKPASS would open windows: whoever is to be asked is asked by this program. LC_ALL: messages that can be read.
    const child = spawn(program, [...args], {
      cwd: homeDir,
      env: { ...env, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    const lines: string[] = [];
    let said: string | undefined;
    let silent = false;
    let silence: NodeJS.Timeout | undefined;
    const hush = (): void => {
      silent = true;
      child.kill();
    };
    const split = createLineSplitter((line) => {
      if (lines.length < KEPT) lines.push(line);
      if (/^debug1: Server host (key|certificate): /.test(line)) {
        clearTimeout(silence);
        silence = undefined;
      } else if (silence !== undefined) silence.refresh();
      else if (/^debug1: Remote protocol version /.test(line)) silence = setTimeout(hush, silenceMs);
      if (!line.startsWith('debug') && line.trim() !== '') said = line.trim();
      if (enough(line)) child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => split.push(chunk));
    child.stderr.on('error', () => undefined);
    const stop = (): void => void child.kill();
    const timer = setTimeout(stop, totalMs);
    signal.addEventListener('abort', stop, { once: true });
    const over = (): void => {
      clearTimeout(timer);
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
    };
    child.once('error', (error) => {
      over();
      reject(error);
    });
    child.once('exit', (code) => {
      over();
      if (code === 0) said = undefined;
      // The one in the background keeps the pipe open and tells through it why its connection ended.
      const end = (): void => {
        (child.stderr as unknown as { unref(): void }).unref();
        resolve({ exitCode: code ?? undefined, silent, lines, lastWords: () => said });
      };
      if (code === 0) setImmediate(end);
      else if (child.stderr.readableEnded) end();
      else child.stderr.once('close', end);
    });
    if (signal.aborted) stop();
  });
}
