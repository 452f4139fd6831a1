import { unitOf } from '../../cluster/roles';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const roleChanged = defineHostCheck({
  id: 'role-changed',
  severity: 'error',
  title: 'K3s of the other role is installed',
  rationale: `A machine is a server or an agent; K3s has a systemd unit for each, and cannot turn one into the other. Two units on one machine are harmless until the next boot, when both want to start.`,
  sources: [DOCUMENTS.twoUnits],
  judge: (look) =>
    ofNodes(look, (node, { units }) => {
      const other = unitOf(node) === 'k3s' ? 'k3s-agent' : 'k3s';
      return units[other] === undefined
        ? undefined
        : {
            message: `${node.id} is declared as ${node.role} but has ${other}.service installed`,
            nextSteps: [
              `Uninstall it on the host first (${other === 'k3s' ? 'k3s-uninstall.sh' : 'k3s-agent-uninstall.sh'}).`,
            ],
          };
    }),
});
