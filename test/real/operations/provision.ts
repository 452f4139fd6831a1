import { check } from '../check';
import { certificatesCoverAddress, etcdIsComplete, nodesAreReady } from '../fromOutside';
import type { RealOperation } from '../operation';

export const provision: RealOperation = {
  id: 'provision',
  does: 'installs and configures K3s, and the load balancer where it is part of the file',
  async run(real, see) {
    const done = await real.apply();
    see(check('k3s-ha apply', done.value['result'] === 'done', `${done.steps.length} steps`));
    see(await nodesAreReady(real));
    see(...(await etcdIsComplete(real)));
    see(await certificatesCoverAddress(real));
  },
};
