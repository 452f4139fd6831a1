import { later, say } from '../../base/say';
import { unitOf } from '../../cluster/roles';
import type { OtherUnit } from '../../facts/otherUnitFacts';
import { disableCommand, renameCommands, serviceName } from '../../k3s/serviceManager';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const k3sUnderOtherName = defineHostCheck({
  id: 'k3s-under-other-name',
  severity: 'error',
  title: later`K3s runs in a service of another name`,
  rationale: `K3s's install script calls its services k3s and k3s-agent; everything that looks after K3s, its own uninstall script as well, knows these. Playbooks have used other names, such as k3s-node, and \`INSTALL_K3S_NAME\` makes them. A second service that provisioning put beside such a one would want the same ports and the same data. Pods go on while the service gets its usual name. One that neither runs nor starts with the host, beside a service with the usual name, is a warning.`,
  sources: [DOCUMENTS.twoUnits, DOCUMENTS.installScript],
  judge: (look) =>
    ofNodes(look, (node, { otherUnits = [], units, init }) => {
      const worst = [...otherUnits].sort((a, b) => Number(isAlive(b)) - Number(isAlive(a)))[0];
      if (worst === undefined) return undefined;
      const own = unitOf(node);
      const service = serviceName(worst.name, init);
      const state = worst.enabled ? say`It is ${worst.active} and starts with the host.` : say`It is ${worst.active}.`;
      if (units[own] !== undefined)
        return {
          severity: isAlive(worst) ? 'error' : 'warning',
          message: say`${node.id} has ${service} beside ${serviceName(own, init)}: both start K3s`,
          why: state,
          nextSteps: [say`Run "${disableCommand(worst.name, init)}" there if nothing needs it, and remove its file.`],
        };
      if (worst.role !== node.role)
        return {
          message: say`${node.id} is declared as ${node.role}, and ${service} runs K3s there as ${worst.role}`,
          why: state,
          nextSteps: [say`Write ${node.id} into the file as ${worst.role}, or take K3s off the machine first.`],
        };
      return {
        message: say`${node.id} has K3s in ${service} and not in ${serviceName(own, init)}`,
        why: state,
        details: renameCommands(worst.name, own, init),
        nextSteps: [
          say`Give it its usual name by these commands, as root, on one machine after another. Pods go on meanwhile; K3s is away for some seconds.`,
        ],
      };
    }),
});

const isAlive = ({ active, enabled }: OtherUnit): boolean => enabled || !['inactive', 'failed'].includes(active);
