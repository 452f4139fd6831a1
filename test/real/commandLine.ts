import { spawn } from 'node:child_process';
import { cliOutput, type CliResult } from '../support/cliOutput';

export interface CliRun {
  readonly status: number;
  /** Ids of the steps that were done or tried, in their order. */
  readonly steps: readonly string[];
  /** What it told as JSON at its end. */
  readonly value: Record<string, unknown>;
  /** Why it did not end well, in its own words; empty otherwise. */
  readonly why: string;
}

/**
 * Runs `k3s-ha` as it is packaged, with `--json`, in a process of its own that shares our terminal: it asks there what it would ask
 * anybody. Ctrl-C reaches it there, too, and a second signal would end it without a goodbye; SIGTERM reaches us alone and is passed on.
 */
export function runCli(cli: string, args: readonly string[], signal: AbortSignal): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args, '--json'], { stdio: ['inherit', 'pipe', 'inherit'] });
    const output = cliOutput();
    const stop = (): void => void (signal.reason === 'SIGTERM' && child.kill('SIGTERM'));
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.setEncoding('utf8').on('data', output.take);
    child.once('error', reject);
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', stop);
      const text = output.rest();
      const value = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> & CliResult;
      const problems = (value.problems ?? []).map(({ host, message, why }) =>
        [host === undefined ? message : `${host}: ${message}`, ...(why === undefined ? [] : [why])].join(': '),
      );
      const status = code ?? 128;
      const ended = by === null ? `ended with status ${status}, see above` : `was ended by ${by}`;
      resolve({
        status,
        steps: [...output.states.keys()],
        value,
        why: status === 0 ? '' : problems.join('; ') || `k3s-ha ${args[0]} ${ended}`,
      });
    });
  });
}
