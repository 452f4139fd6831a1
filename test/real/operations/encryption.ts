import { optionIsOn } from '../../../src/core/cluster/options';
import { check } from '../check';
import { etcdIsComplete, nodesAreReady } from '../fromOutside';
import type { RealOperation } from '../operation';

export const encryption: RealOperation = {
  id: 'encryption',
  does: 'encrypts every Secret with a new key and restarts one server after another',
  whyNot: ({ cluster }) =>
    cluster.servers.every((server) => optionIsOn(cluster, server, 'secrets-encryption'))
      ? undefined
      : 'its servers do not encrypt Secrets (secrets-encryption)',
  async run(real, see) {
    const done = await real.must('encryption rotate', '--name', real.cluster.name);
    see(check('k3s-ha encryption rotate', done.value['result'] === 'done', `${done.steps.length} steps`));
    see(await nodesAreReady(real));
    see(...(await etcdIsComplete(real)));
  },
};
