import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { stopK3s as stop } from '../../core/remote/stopK3s';
import { chosenFolders } from '../hosts/chosenFolders';
import { defineStep, ended } from './step';

/** Stops K3s for good on a machine that leaves, with the containers of its pods, and proves that nothing of it runs. */
export const stopK3s = defineStep<{ readonly role: NodeRole }>({
  kind: 'stop-k3s',
  phase: 'change',
  estimateMs: 5000,
  says: () => ({
    title: say`Stop K3s and the containers of its pods, and keep it from starting at the next boot`,
    doing: say`stopping K3s`,
    counted: say`stop K3s on`,
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const seen = at.facts.get(node.id);
    const chosen = chosenFolders(at.cluster, node, seen);
    return ended(await at.on(node, stop(dataDir(at.cluster, node), seen?.init, chosen)));
  },
});
