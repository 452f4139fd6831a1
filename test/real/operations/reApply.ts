import { check, told } from '../check';
import { clientSaw, invocations, meanwhile, restartedSince } from '../fromOutside';
import type { RealOperation } from '../operation';

export const reApply: RealOperation = {
  id: 're-apply',
  does: 'applies the file once more, which has to change nothing',
  async run(real, see) {
    const planned = await real.cli('plan');
    const steps = (planned.value['steps'] ?? []) as readonly { readonly id: string }[];
    const before = await invocations(real);
    const { client } = await meanwhile(real, () => real.apply());
    const restarted = restartedSince(before, await invocations(real));
    see(
      check('plan without steps', planned.status === 0, steps.map(({ id }) => id).join(', ') || 'nothing to do'),
      check('no unit restarted', restarted.length === 0, restarted.join(', ') || `${before.size} units as before`),
      // Where nothing was changed, what failed is the cluster's own.
      told('client that asks every 100 ms', clientSaw(client)),
    );
  },
};
