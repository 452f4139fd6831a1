import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { positive } from '../option';

const OPTIONS = {
  'time-scale': positive({
    value: 'X',
    preset: '0.1',
    of: 'a number above 0',
    help: '0.1 is ten times faster than real hosts',
  }),
};

export const practiceCommand: Command<typeof OPTIONS> = {
  name: 'practice',
  argument: 'FILE',
  summary: 'run simulated hosts for a file whose addresses begin with 127',
  options: OPTIONS,
  examples: [
    {
      line: 'k3s-ha practice cluster.k3s.yaml',
      does: 'simulated hosts until Ctrl-C; plan and apply in another terminal',
    },
    { line: 'k3s-ha practice cluster.k3s.yaml --time-scale 1', does: 'as slow as real hosts' },
  ],
  run: ([path], options, signal) => practice(path, options['time-scale'], signal),
};

/** How long the fleet may take to end by itself, in milliseconds. */
const FLEET_PATIENCE_MS = 600;

/** The fleet is a program of its own that ends when its standard input does: it lives as long as this process. */
function practice(path: string, timeScale: number, signal: AbortSignal): Promise<ExitCode> {
  const program = join(__dirname, 'practice.js');
  const fleet = spawn(process.execPath, [program, '--file', path, '--time-scale', String(timeScale)], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const kill = (): void => void fleet.kill('SIGKILL');
  process.once('exit', kill);
  signal.addEventListener('abort', () => {
    fleet.stdin.end();
    setTimeout(kill, FLEET_PATIENCE_MS).unref();
  });
  return new Promise((resolve) => {
    fleet.once('exit', (code) => resolve(code === 0 ? EXIT.fine : EXIT.failed));
  });
}
