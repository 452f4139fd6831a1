import { say } from '../../core/base/say';
import { withdrawRoute as withdraw } from '../../core/remote/withdrawRoute';
import { defineStep, ended } from './step';

/** Has routers send nobody to a server that is about to be stopped: kube-vip ends there before K3s does. */
export const withdrawRoute = defineStep<{ readonly address: string }>({
  kind: 'withdraw-route',
  phase: 'change',
  estimateMs: 4000,
  says: ({ address }) => ({
    title: say`End kube-vip, so that routers send nobody here for ${address}`,
    doing: say`withdrawing the route to ${address}`,
    counted: '',
  }),
  run: async ({ address }, at) => {
    const outcome = await at.on(at.machine, withdraw());
    if (outcome.kind === 'done' && outcome.value === 'withdrawn')
      at.progress(say`${address} is not announced here any more`);
    return ended(outcome);
  },
});
