import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { BalancerUnit } from '../../core/loadBalancer/paths';
import { removeBalancerUnits } from '../../core/remote/balancerRemoval';
import { defineStep, ended } from './step';

/** Takes away what K3s HA has installed of the load balancer on a machine that is to carry it no longer. */
export const removeBalancer = defineStep<{ readonly units: readonly BalancerUnit[] }>({
  kind: 'remove-balancer',
  phase: 'change',
  estimateMs: 5000,
  says: ({ units }) => ({
    title: say`Stop ${listed(units)} and uninstall what K3s HA has installed of it`,
    doing: say`taking the load balancer away`,
    counted: say`take the load balancer off`,
  }),
  run: async ({ units }, at) => ended(await at.on(at.machine, removeBalancerUnits(units))),
});
