import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { optionText } from '../../cluster/options';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const kernelModuleMissing = defineHostCheck({
  id: 'kernel-module-missing',
  severity: 'warning',
  title: later`A module of the kernel is not installed`,
  rationale: `K3s loads overlay and br_netfilter, and flannel needs vxlan. Some distributions keep them in packages of their own: kernel-modules-extra on RHEL 10, linux-modules-extra-raspi on Ubuntu for the Raspberry Pi.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, (node, { system }) => {
      const backend = optionText(look.cluster, node, 'flannel-backend') ?? 'vxlan';
      const missing = (system?.missingModules ?? []).filter((name) => name !== 'vxlan' || backend === 'vxlan');
      return missing.length === 0
        ? undefined
        : {
            message: say`The kernel ${system?.kernel ?? ''} of ${node.id} has no module ${listed(missing)}`,
            nextSteps: [
              say`Install the package that has it: kernel-modules-extra on RHEL and its relatives, linux-modules-extra on Ubuntu.`,
            ],
          };
    }),
});
