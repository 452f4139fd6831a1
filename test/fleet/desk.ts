import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Problem } from '../../src/core/base/problem';
import { cliOutput, type CliResult, type StepEvent } from '../support/cliOutput';
import { TOKEN } from './clusterFile';
import type { Fleet } from './driver/fleet';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');

/** What became of one run. */
export interface Outcome {
  /** `not-ready` when the plan has problems; undefined for a process that was killed. */
  readonly result: string | undefined;
  readonly problems: readonly Problem[];
  /** Last state of every step that began, by its id. */
  readonly states: ReadonlyMap<string, string>;
  /** What was told on standard error. */
  readonly told: string;
}

/** A run that goes on. */
export interface Running {
  /** Ends its process without a warning. */
  kill(): void;
  readonly over: Promise<Outcome>;
}

/** Somebody's working place: a cluster file, known hosts, and the command line as it is installed. */
export interface Desk {
  write(clusterFile: string): void;
  /** `k3s-ha apply` in a process of its own; `onStep` hears of a step as soon as the process tells of it. */
  apply(onStep?: (event: StepEvent) => void): Running;
  dispose(): void;
}

/** A desk whose file names the hosts of this fleet. */
export async function createDesk(fleet: Fleet): Promise<Desk> {
  if (!existsSync(CLI)) throw new Error('dist/cli.js does not exist. Run: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-desk-'));
  mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
  for (const file of ['known_hosts', '.ssh/known_hosts']) writeFileSync(join(folder, file), await fleet.knownHosts());
  const file = join(folder, 'cluster.k3s.yaml');
  const all = fleet.hosts.map(({ address }) => address).join(',');
  const allowed = ['token', `key:${fleet.identityFile}`, 'known-hosts:known_hosts'];
  return {
    write: (text) => writeFileSync(file, text),
    apply: (onStep = () => undefined) => {
      const options = ['--yes', '--json', '--start-timeout', '120'];
      const agreed = allowed.flatMap((what) => ['--allow-secrets', `${what}=${all}`]);
      const child = spawn(process.execPath, [CLI, 'apply', file, ...options, ...agreed], {
        env: { PATH: process.env['PATH'], HOME: folder, K3S_HA_SECRET_TOKEN: TOKEN, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = cliOutput(onStep);
      const { states } = output;
      let told = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
      child.stdout.setEncoding('utf8').on('data', output.take);
      const over = new Promise<Outcome>((done, failed) => {
        child.once('error', failed);
        child.once('close', (_, signal) => {
          const text = output.rest();
          if (signal !== null) return done({ result: undefined, problems: [], states, told });
          if (text === '') return failed(new Error(`k3s-ha told no result: ${told}`));
          const { result, problems = [] } = JSON.parse(text) as CliResult;
          return done({ result, problems, states, told });
        });
      });
      return { kill: () => void child.kill('SIGKILL'), over };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
