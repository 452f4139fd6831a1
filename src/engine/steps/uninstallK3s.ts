import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { dataDir } from '../../core/cluster/options';
import { uninstallK3s as uninstall } from '../../core/remote/uninstallK3s';
import { chosenFolders } from '../hosts/chosenFolders';
import { defineStep, ended } from './step';

/** Uninstalls a K3s that is stopped, unless volumes are still mounted; what nobody can make anew stays and is told. */
export const uninstallK3s = defineStep<{ readonly keepsProgram: boolean }>({
  kind: 'uninstall-k3s',
  phase: 'change',
  estimateMs: 4000,
  says: ({ keepsProgram }) => ({
    title: say`Uninstall K3s${keepsProgram ? say`, but not its program` : ''}, with its configuration and data; volumes and snapshots stay`,
    doing: say`uninstalling K3s`,
    counted: say`uninstall K3s on`,
  }),
  run: async ({ keepsProgram }, at) => {
    const node = at.node(at.machine.id);
    const chosen = chosenFolders(at.cluster, node, at.facts.get(node.id));
    const outcome = await at.on(node, uninstall(dataDir(at.cluster, node), keepsProgram, chosen));
    if (outcome.kind === 'done' && outcome.value.kept.length > 0)
      at.progress(say`left on ${at.machine.id}: ${listed(outcome.value.kept)}`);
    return ended(outcome);
  },
});
