import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import type { Clock, RemoteHosts, RemoteOutcome } from '../../src/engine/ports';
import { awaitUnit } from '../../src/engine/hosts/awaitUnit';
import type { StepOutcome } from '../../src/core/plan/step';
import { problem } from '../../src/core/base/problem';
import type { ServiceManager } from '../../src/core/k3s/serviceManager';
import { clusterOf } from './cluster';
import { freshFacts } from './plans';
import { stepContext } from './stepContext';

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
  /** What has started the host; systemd where nothing is said. */
  readonly manager?: ServiceManager;
  /** Seconds after which the person cancels or the connection breaks. */
  readonly cancelledAt?: number;
  readonly lostAt?: number;
}

/** Starts a unit on a host that plays `moments`, on a clock of its own. The host answers as the script unit-status does. */
export async function playUnit(moments: readonly Moment[], options: ScriptOptions = {}): Promise<Awaited> {
  const {
    role = 'server',
    verb = 'start',
    before = '',
    manager = 'systemd',
    cancelledAt = Infinity,
    lostAt = Infinity,
  } = options;
  const cancel = new AbortController();
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
  const hosts = {
    mask: (text: string) => text,
    run: async <T>(_node: unknown, command: RemoteCommand<T>): Promise<RemoteOutcome<T>> => {
      now += 50;
      const stdout = answer(command);
      if (now >= cancelledAt * 1000) cancel.abort();
      if (now >= lostAt * 1000)
        return { kind: 'unknown', problem: problem('connection-lost', 'The connection was lost') };
      const parsed = command.parse({ stdout, stderr: '', exitCode: 0 });
      return parsed.ok ? { kind: 'done', value: parsed.value } : { kind: 'failed', problem: parsed.error };
    },
  } as unknown as RemoteHosts;
  const cluster = clusterOf();
  const on = role === 'server' ? 'server-1' : 'agent-1';
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  const facts = new Map([...freshFacts(cluster)].map(([id, seen]) => [id, { ...seen, init: manager }] as const));
  const context = stepContext({ cluster, hosts, on, clock, facts, signal: cancel.signal, startTimeoutMs: 600_000 });
  const outcome = await awaitUnit(context.node(on), verb, context);
  return { outcome, seconds: now / 1000, looks, progress: context.told };
}
