import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { backendName } from '../../core/loadBalancer/backends';
import type { MachineId } from '../../core/plan/step';
import { putInto } from '../hosts/balancerTraffic';
import { defineStep } from './step';

/** How long the load balancer may take to find a server up that has proved to be ready. */
const UP_SECONDS = 30;

/** Puts a server back into the load balancer. Whether it is ready the load balancer checks for itself. */
export const putIn = defineStep<{
  readonly balancers: readonly MachineId[];
  /** The step after which it does not come back. */
  readonly unless?: string;
}>({
  kind: 'put-in',
  phase: 'restore',
  estimateMs: 2000,
  says: ({ balancers }) => ({
    title: say`Put it back into the load balancer on ${listed(balancers)}`,
    doing: say`putting it back into the load balancer`,
    counted: '',
  }),
  run: async ({ balancers, unless }, at) => {
    if (unless !== undefined && at.stateOf(unless) === 'done') return { kind: 'done' };
    // A server that did not come back is not up; it gets connections as soon as it is.
    const ready = at.stateOf(`restart:${at.machine.id}`) ?? at.stateOf(`reboot:${at.machine.id}`);
    const waits = ready === undefined || ready === 'done';
    const back = await putInto(balancers, backendName(at.machine), waits ? UP_SECONDS : 0, at);
    return back.kind === 'failed' && !waits && back.problem.code === 'balancer-server-down' ? { kind: 'done' } : back;
  },
});
