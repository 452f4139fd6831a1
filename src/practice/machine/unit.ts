import { randomBytes } from 'node:crypto';
import type { PracticeClock } from '../clock';
import type { HostJournal } from './journal';

/** One run of a unit's main process. Ends with its exit status, or rejects with the signal's reason when stopped. */
export type Program = (run: ProgramRun) => Promise<number>;

export interface ProgramRun {
  readonly signal: AbortSignal;
  /** sd_notify READY=1 */
  ready(): void;
}

/** What `systemctl show` tells. */
export interface UnitState {
  readonly active: 'inactive' | 'activating' | 'active' | 'deactivating';
  readonly sub: 'dead' | 'start' | 'running' | 'auto-restart' | 'stop-sigterm';
  readonly restarts: number;
  readonly result: 'success' | 'exit-code' | 'protocol';
  /** 32 hexadecimal digits, new at each start of the process; empty when it has not run since the host was switched on. */
  readonly invocation: string;
  /** Seconds since 1970, of the current or last main process. */
  readonly started?: number;
}

/** A systemd service with Type=notify, Restart=always, RestartSec=5s and no start time-out. */
export interface Unit {
  readonly name: string;
  state(): UnitState;
  /** Starts the unit; resolves to whether the first attempt came up (a blocking `systemctl start` waits for it). */
  start(): Promise<boolean>;
  stop(): Promise<void>;
  resetFailed(): void;
  /** The power went: no last words. */
  kill(): Promise<void>;
}

const RESTART_SEC = 5000;

export interface UnitParts {
  readonly name: string;
  readonly description: string;
  readonly clock: PracticeClock;
  readonly journal: HostJournal;
  readonly program: Program;
  readonly onChange: (state: UnitState) => void;
}

export function systemdUnit(parts: UnitParts): Unit {
  const { name, clock, journal } = parts;
  const service = `${name}.service`;
  const label = `${service} - ${parts.description}`;
  let state: UnitState = { active: 'inactive', sub: 'dead', restarts: 0, result: 'success', invocation: '' };
  let controller: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  let firstAttempt: Promise<boolean> = Promise.resolve(false);
  const log = (text: string): void => journal.add(name, text);
  const set = (change: Partial<UnitState>): void => {
    state = { ...state, ...change };
    parts.onChange(state);
  };

  /** Runs the program again and again until stopped. */
  const supervise = async (signal: AbortSignal, attempted: (up: boolean) => void): Promise<void> => {
    while (!signal.aborted) {
      const invocation = randomBytes(16).toString('hex');
      journal.begin(name, invocation);
      log(`Starting ${label}...`);
      set({ active: 'activating', sub: 'start', invocation, started: Math.floor(clock.now() / 1000) });
      let up = false;
      const ready = (): void => {
        if (up || signal.aborted) return;
        up = true;
        log(`Started ${label}.`);
        set({ active: 'active', sub: 'running', result: 'success' });
        attempted(true);
      };
      const status = await parts.program({ signal, ready });
      if (signal.aborted) return;
      // A process that ends well before it is ready breaks the protocol of Type=notify.
      const result = status !== 0 ? 'exit-code' : up ? 'success' : 'protocol';
      if (status !== 0) log(`${service}: Main process exited, code=exited, status=${status}/FAILURE`);
      log(
        result === 'success' ? `${service}: Deactivated successfully.` : `${service}: Failed with result '${result}'.`,
      );
      if (!up) log(`Failed to start ${label}.`);
      set({ active: 'activating', sub: 'auto-restart', result });
      attempted(false);
      await clock.sleep(RESTART_SEC, signal);
      set({ restarts: state.restarts + 1 });
      log(`${service}: Scheduled restart job, restart counter is at ${state.restarts}.`);
    }
  };

  const end = async (): Promise<void> => {
    controller?.abort(new Error(`${service} is being stopped`));
    controller = undefined;
    await running;
  };

  return {
    name,
    state: () => state,
    start: () => {
      if (controller !== undefined) return firstAttempt;
      const current = new AbortController();
      controller = current;
      state = { ...state, restarts: 0, result: 'success' };
      const previous = running;
      firstAttempt = new Promise((resolve) => {
        running = previous
          .then(() => supervise(current.signal, resolve))
          .catch((error: unknown) => {
            if (!current.signal.aborted) throw error;
          })
          .finally(() => resolve(false));
      });
      return firstAttempt;
    },
    stop: async () => {
      if (controller === undefined) return;
      log(`Stopping ${label}...`);
      set({ active: 'deactivating', sub: 'stop-sigterm' });
      await end();
      log(`${service}: Deactivated successfully.`);
      log(`Stopped ${label}.`);
      set({ active: 'inactive', sub: 'dead', result: 'success' });
    },
    resetFailed: () => {
      state = { ...state, restarts: 0 };
    },
    kill: async () => {
      await end();
      set({ active: 'inactive', sub: 'dead', restarts: 0, result: 'success', invocation: '' });
    },
  };
}
