import { say } from '../../core/base/say';
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { problem, type Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { firstRealNode } from '../../core/cluster/playable';
import { CONTEXT } from '../ids';
import type { LocalFile } from './localFile';
import { reportProblem } from './report';
import { readSettings } from './settings';
import type { Services } from './services';

/** The simulated hosts of one cluster file, in a process of their own that ends with the window. */
export interface PracticeFleet extends vscode.Disposable {
  /** `elsewhere`: its addresses are held already, so one runs that this window did not start. Undefined when the person was told why not. */
  start(file: LocalFile, cluster: Cluster): Promise<'started' | 'elsewhere' | undefined>;
  stop(): Promise<void>;
  readonly running: boolean;
}

const READY_TIMEOUT_MS = 20_000;
/** The fleet is only played, so nothing is lost when it is not given more time to end. */
const STOP_TIMEOUT_MS = 10_000;

export function createPracticeFleet(services: Services): PracticeFleet {
  let child: ChildProcess | undefined;
  const setRunning = (running: boolean): void =>
    void vscode.commands.executeCommand('setContext', CONTEXT.practiceRunning, running);

  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    setRunning(false);
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.stdin?.end();
    ending.kill('SIGTERM');
    const timer = setTimeout(() => {
      services.log.warn(`The practice fleet did not end within ${STOP_TIMEOUT_MS / 1000} s and is killed.`);
      ending.kill('SIGKILL');
    }, STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  };

  return {
    get running() {
      return child !== undefined;
    },
    async start(file, cluster) {
      const foreign = firstRealNode(cluster);
      if (foreign !== undefined) {
        await reportProblem(
          services.log,
          problem(
            'not-a-practice-file',
            say`The practice fleet only plays hosts with addresses of this machine (127.…), and ${foreign.id} is ${foreign.host}`,
            { nextSteps: [say`Use the practice example: K3s HA: New Cluster File, "Practice fleet".`] },
          ),
        );
        return undefined;
      }
      await stop();
      const fleet = fork(
        services.practiceEntry,
        ['--file', file.path, '--time-scale', String(readSettings().practiceTimeScale)],
        { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] },
      );
      child = fleet;
      const outcome = await firstLine(fleet, services);
      if (outcome !== 'started') {
        child = undefined;
        return outcome;
      }
      setRunning(true);
      fleet.once('exit', () => {
        if (child === fleet) {
          child = undefined;
          setRunning(false);
          services.log.warn('The practice fleet has ended.');
        }
      });
      return 'started';
    },
    stop,
    dispose: () => void stop(),
  };
}

/** Resolves when the fleet says that it is ready; shows what it says when it cannot start. */
async function firstLine(fleet: ChildProcess, services: Services): Promise<'started' | 'elsewhere' | undefined> {
  let errors = '';
  let told: Problem | undefined;
  fleet.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    services.log.warn(`practice fleet: ${chunk.toString().trimEnd()}`);
  });
  const outcome = await new Promise<'ready' | 'ended' | 'late'>((resolve) => {
    const timer = setTimeout(() => resolve('late'), READY_TIMEOUT_MS);
    fleet.once('close', () => resolve('ended'));
    if (fleet.stdout !== null)
      createInterface({ input: fleet.stdout }).on('line', (line) => {
        services.log.debug(`practice fleet: ${line}`);
        const message = messageOf(line);
        told ??= message.problem;
        if (message.ready === true) resolve('ready');
      });
    fleet.once('close', () => clearTimeout(timer));
  });
  if (outcome === 'ready') return 'started';
  fleet.kill();
  if (told?.code === 'address-in-use') return 'elsewhere';
  await reportProblem(
    services.log,
    told ??
      problem('practice-failed', say`The practice fleet did not start`, {
        why: errors.trim().split('\n').at(-1) ?? outcome,
        nextSteps: [say`Stop another practice fleet that still holds the addresses, then try again.`],
      }),
  );
  return undefined;
}

/** What a line of the fleet says, as src/practice/main.ts prints it; nothing for a line of any other program. */
function messageOf(line: string): { readonly ready?: true; readonly problem?: Problem } {
  try {
    return JSON.parse(line) as ReturnType<typeof messageOf>;
  } catch {
    return {};
  }
}
