import { apiServers } from '../../../src/core/cluster/roles';
import { count } from '../../../src/core/base/words';
import { check } from '../check';
import {
  certificatesCoverAddress,
  clientLostNothing,
  invocations,
  meanwhile,
  nodesAreReady,
  restartedSince,
} from '../fromOutside';
import type { RealOperation } from '../operation';

export const certificates: RealOperation = {
  id: 'certificates',
  does: 'renews the certificates of all nodes, with a restart of each',
  async run(real, see) {
    const before = await invocations(real);
    const nodes = [...before.keys()];
    const met = await meanwhile(real, () => real.must('certificates renew', ...nodes, '--yes'));
    const restarted = restartedSince(before, await invocations(real));
    see(
      check(
        'every node was restarted',
        restarted.length === nodes.length,
        `${restarted.length} of ${count(nodes.length, 'node')}`,
      ),
      clientLostNothing(real, met),
    );
    see(await nodesAreReady(real));
    if (apiServers(real.cluster).length > 0) see(await certificatesCoverAddress(real));
  },
};
