import { createHash } from 'node:crypto';
import { fixedAddress } from '../address';
import { check, told } from '../check';
import type { RealOperation } from '../operation';

export const kubeconfig: RealOperation = {
  id: 'kubeconfig',
  does: 'reads the kubeconfig of a server',
  async run(real, see) {
    const api = await real.api();
    const wanted = fixedAddress(real.cluster);
    const found = api.access.server.host;
    const nodes = await api.nodes();
    const fingerprint = createHash('sha256').update(api.access.ca).digest('hex').slice(0, 12);
    see(
      check('leads to the fixed address', wanted === undefined || found === wanted, found),
      check('lets its user read the nodes', nodes.length > 0, `${nodes.length} nodes, authority ${fingerprint}…`),
      told('the API answers', await api.version()),
    );
  },
};
