import { say } from '../../core/base/say';
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { problem, type Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { firstRealNode } from '../../core/cluster/playable';
import { ALL_WELL, simulationAfter, type FleetOrder, type Simulation } from '../../core/health/simulation';
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
  /** The cluster file that it plays, and what somebody lets fail in it; undefined while none runs that this window started. */
  readonly played: Played | undefined;
  /** Gives an order to the fleet; the text says why it was not followed. */
  order(order: FleetOrder): Promise<string | undefined>;
}

/** A fleet that runs. */
export interface Played {
  readonly uri: vscode.Uri;
  readonly simulation: Simulation;
  /** 0.1: ten times faster than real hosts. */
  readonly pace: number;
}

const READY_TIMEOUT_MS = 20_000;
/** The fleet is only played, so nothing is lost when it is not given more time to end. */
const STOP_TIMEOUT_MS = 10_000;

/** `show` tells the views of a file what fails in the fleet that plays it; undefined when none does any more. */
export function createPracticeFleet(
  services: Services,
  show: (uri: vscode.Uri, simulation: Simulation | undefined) => void,
): PracticeFleet {
  let child: ChildProcess | undefined;
  let played: Played | undefined;
  const orders = new Map<number, (refused: string | undefined) => void>();
  let given = 0;
  const play = (now: Played | undefined): void => {
    if (played !== undefined && played.uri.toString() !== now?.uri.toString()) show(played.uri, undefined);
    played = now;
    if (now === undefined) {
      for (const answer of orders.values()) answer(say`The practice fleet has ended`);
      orders.clear();
    }
    void vscode.commands.executeCommand('setContext', CONTEXT.practiceRunning, now !== undefined);
    tell();
  };
  const tell = (): void => {
    const isParted = (played?.simulation.partitions.length ?? 0) > 0;
    void vscode.commands.executeCommand('setContext', CONTEXT.practiceParted, isParted);
    if (played !== undefined) show(played.uri, played.simulation);
  };
  const hear = ({ event, id, ok, error }: FleetMessage): void => {
    if (id !== undefined) {
      orders.get(id)?.(ok === true ? undefined : (error ?? say`unknown reason`));
      orders.delete(id);
    }
    const simulation =
      played === undefined || event === undefined ? undefined : simulationAfter(played.simulation, event);
    if (played === undefined || simulation === undefined || simulation === played.simulation) return;
    played = { ...played, simulation };
    tell();
  };

  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    play(undefined);
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
    get played() {
      return played;
    },
    order: (order) =>
      new Promise((resolve) => {
        if (played === undefined || child?.stdin === null || child === undefined)
          return resolve(say`No practice fleet runs that this window started`);
        given += 1;
        orders.set(given, resolve);
        child.stdin.write(`${JSON.stringify({ ...order, id: given })}\n`);
      }),
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
      const pace = readSettings().practiceTimeScale;
      const fleet = fork(services.practiceEntry, ['--file', file.path, '--time-scale', String(pace)], {
        stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      });
      child = fleet;
      const outcome = await firstLine(fleet, services, hear);
      if (outcome !== 'started') {
        child = undefined;
        return outcome;
      }
      play({ uri: file.uri, simulation: ALL_WELL, pace });
      fleet.once('exit', () => {
        if (child === fleet) {
          child = undefined;
          play(undefined);
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
async function firstLine(
  fleet: ChildProcess,
  services: Services,
  hear: (message: FleetMessage) => void,
): Promise<'started' | 'elsewhere' | undefined> {
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
        hear(message);
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

/** What src/practice/main.ts prints: that it is ready, why not, what happens, and what became of an order. */
interface FleetMessage {
  readonly ready?: true;
  readonly problem?: Problem;
  readonly event?: unknown;
  readonly id?: number;
  readonly ok?: boolean;
  readonly error?: string;
}

/** What a line of the fleet says, as src/practice/main.ts prints it; nothing for a line of any other program. */
function messageOf(line: string): FleetMessage {
  try {
    return JSON.parse(line) as FleetMessage;
  } catch {
    return {};
  }
}
