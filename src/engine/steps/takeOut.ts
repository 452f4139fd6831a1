import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { backendName } from '../../core/loadBalancer/backends';
import type { MachineId } from '../../core/plan/step';
import { takeOutOf } from '../hosts/balancerTraffic';
import { defineStep } from './step';

/** Takes a server out of the load balancer before it is stopped, so that no request is sent to it any more. */
export const takeOut = defineStep<{ readonly balancers: readonly MachineId[] }>({
  kind: 'take-out',
  phase: 'change',
  estimateMs: 3500,
  says: ({ balancers }) => ({
    title: say`Take it out of the load balancer on ${listed(balancers)}, so that no request goes to it`,
    doing: say`taking it out of the load balancer`,
    counted: '',
  }),
  run: ({ balancers }, at) => takeOutOf(balancers, backendName(at.machine), at),
});
