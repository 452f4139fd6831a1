import { check } from '../check';
import { clientLostNothing, etcdIsComplete, meanwhile, nodesAreReady } from '../fromOutside';
import type { RealOperation } from '../operation';
import { withValue } from '../realCluster';

export const upgrade: RealOperation = {
  id: 'upgrade',
  does: 'upgrades K3s on all nodes to --upgrade-to, for good',
  whyNot: ({ upgradeTo }) => (upgradeTo === undefined ? 'no --upgrade-to' : undefined),
  async run(real, see) {
    const version = real.upgradeTo ?? '';
    await real.use(withValue(real.text, ['k3s', 'version'], version));
    const met = await meanwhile(real, () => real.apply());
    const answers = await (await real.api()).version();
    see(
      check('k3s-ha apply', met.value.value['result'] === 'done', `${met.value.steps.length} steps`),
      check('the API has the version', answers === version, answers),
      clientLostNothing(real, met),
    );
    see(await nodesAreReady(real));
    see(...(await etcdIsComplete(real)));
  },
};
