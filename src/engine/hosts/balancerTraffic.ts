import { say } from '../../core/base/say';
import type { MachineId, StepOutcome } from '../../core/plan/step';
import { replaceBalancerConfig } from '../../core/remote/balancerConfig';
import { HAPROXY_SILENT, putIntoHaproxy, takeOutOfHaproxy } from '../../core/remote/balancerServer';
import { drainNginx } from '../../core/remote/nginxDrain';
import type { RemoteOutcome } from '../ports';
import { ended, type StepContext } from '../steps/step';

/**
 * Has each of these load balancers give a server no new connections. One that cannot be reached, or whose HAProxy does not
 * run, is told and left: it either sends nobody there, or its own check will notice.
 */
export async function takeOutOf(
  balancers: readonly MachineId[],
  server: string,
  at: StepContext,
): Promise<StepOutcome> {
  return onEach(balancers, at, async (id) => {
    const { proxy, nginxWithout, backends } = at.balancer(id);
    if (proxy === 'haproxy') return at.on(at.reach(id), takeOutOfHaproxy(server));
    const { path, mode, text } = nginxWithout([server]);
    const taken = await at.on(at.reach(id), replaceBalancerConfig('nginx', path, mode, text));
    const backend = backends.find(({ name }) => name === server);
    // The processes of before the reload finish what they have begun.
    return taken.kind !== 'done' || backend === undefined ? taken : at.on(at.reach(id), drainNginx(backend));
  });
}

/** Has each of them give the server connections again; waits up to `seconds` until HAProxy's own check has found it up. */
export async function putInto(
  balancers: readonly MachineId[],
  server: string,
  seconds: number,
  at: StepContext,
): Promise<StepOutcome> {
  return onEach(balancers, at, (id) => {
    const { proxy, nginxWithout } = at.balancer(id);
    if (proxy === 'haproxy') return at.on(at.reach(id), putIntoHaproxy(server, seconds));
    const { path, mode, text } = nginxWithout([]);
    return at.on(at.reach(id), replaceBalancerConfig('nginx', path, mode, text));
  });
}

async function onEach(
  balancers: readonly MachineId[],
  at: StepContext,
  work: (id: MachineId) => Promise<RemoteOutcome<void>>,
): Promise<StepOutcome> {
  const outcomes = await Promise.all(balancers.map(async (id) => ({ id, outcome: await work(id) })));
  for (const { id, outcome } of outcomes) {
    if (outcome.kind === 'done') continue;
    if (at.signal.aborted) return { kind: 'cancelled' };
    if (outcome.kind === 'failed' && !isSilent(outcome.problem.code)) return ended(outcome);
    at.progress(say`${id} is left as it is: ${outcome.problem.why ?? outcome.problem.message}`);
  }
  return { kind: 'done' };
}

/** A machine that is away, or whose HAProxy is, sends nobody to the server. */
function isSilent(code: string): boolean {
  return code === HAPROXY_SILENT || SILENT.has(code);
}

const SILENT = new Set([
  'ssh-host-unreachable',
  'ssh-timeout',
  'ssh-port-refused',
  'ssh-closed-early',
  'remote-timeout',
]);
