import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import type { RemoteOutcome } from '../../src/engine/ports';
import { awaitUnit } from '../../src/engine/hosts/awaitUnit';
import type { StepContext } from '../../src/engine/steps/stepContext';
import type { StepOutcome } from '../../src/engine/steps/stepOutcome';
import { problem } from '../../src/core/base/problem';
import { clusterOf } from './cluster';

/** What systemd shows of a unit from a moment on, and what its journal gets at that moment. */
export interface Moment {
  /** Seconds after the start or restart. */
  readonly at: number;
  readonly active?: 'active' | 'activating' | 'deactivating' | 'inactive' | 'failed';
  readonly sub?: string;
  readonly restarts?: number;
  readonly invocation?: string;
  readonly journal?: readonly string[];
}

/** How a start or restart went. */
export interface Awaited {
  readonly outcome: StepOutcome;
  /** Seconds until the step ended, on the clock of the script. */
  readonly seconds: number;
  /** Calls to the host. */
  readonly looks: number;
  readonly progress: readonly string[];
}

export interface ScriptOptions {
  readonly role?: 'server' | 'agent';
  readonly verb?: 'start' | 'restart';
  /** Invocation that unit-control reports. */
  readonly before?: string;
  /** Seconds after which the person cancels or the connection breaks. */
  readonly cancelledAt?: number;
  readonly lostAt?: number;
}

/** Starts a unit on a host that plays `moments`, on a clock of its own. The host answers as the script unit-status does. */
export async function playUnit(moments: readonly Moment[], options: ScriptOptions = {}): Promise<Awaited> {
  const { role = 'server', verb = 'start', before = '', cancelledAt = Infinity, lostAt = Infinity } = options;
  const cancel = new AbortController();
  const progress: string[] = [];
  let now = 0;
  let looks = 0;
  const past = (): readonly Moment[] => moments.filter(({ at }) => at * 1000 <= now);
  const value = <K extends 'active' | 'sub' | 'restarts' | 'invocation'>(key: K): Moment[K] =>
    past().findLast((moment) => moment[key] !== undefined)?.[key];
  const state = (): string =>
    `ActiveState=${value('active') ?? 'inactive'} SubState=${value('sub') ?? 'dead'} NRestarts=${value('restarts') ?? 0} InvocationID=${value('invocation') ?? before} Result=success `;
  const journal = (invocation: string): string[] => {
    let own = before;
    return past().flatMap((moment) => {
      own = moment.invocation ?? own;
      return own === invocation ? (moment.journal ?? []) : [];
    });
  };
  const answer = <T>(command: RemoteCommand<T>): string => {
    if (command.script.id === 'unit-control') return `InvocationID=${before}\n`;
    looks += 1;
    const [, unwanted = '', , seconds = '0', known = ''] = command.args;
    for (let turns = Number(seconds) * 4; turns > 0 && state() === known; turns -= 1) now += 250;
    const invocation = value('invocation') ?? before;
    return [state(), ...(invocation === unwanted ? [] : journal(invocation))].join('\n');
  };
  const context = {
    deps: {
      clock: { now: () => now, sleep: async () => undefined },
      startTimeoutMs: 600_000,
      mask: { lines: (lines: readonly string[]) => lines },
    },
    signal: cancel.signal,
    progress: (words: string) => void progress.push(words),
    on: async <T>(_node: unknown, command: RemoteCommand<T>): Promise<RemoteOutcome<T>> => {
      now += 50;
      const stdout = answer(command);
      if (now >= cancelledAt * 1000) cancel.abort();
      if (now >= lostAt * 1000)
        return { kind: 'unknown', problem: problem('connection-lost', 'The connection was lost') };
      const parsed = command.parse({ stdout, stderr: '', exitCode: 0 });
      return parsed.ok ? { kind: 'done', value: parsed.value } : { kind: 'failed', problem: parsed.error };
    },
  } as unknown as StepContext;
  const cluster = clusterOf();
  const node = (role === 'server' ? cluster.servers : cluster.agents)[0];
  if (node === undefined) throw new Error(`no ${role}`);
  const outcome = await awaitUnit(node, role === 'server' ? 'k3s' : 'k3s-agent', verb, context);
  return { outcome, seconds: now / 1000, looks, progress };
}
