import { unitOf } from '../../cluster/roles';
import { shellWord } from '../../remote/shell';
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
      const own = unitOf(node);
      const other = own === 'k3s' ? 'k3s-agent' : 'k3s';
      if (units[other] === undefined) return undefined;
      return units[own] === undefined
        ? {
            message: `${node.id} is declared as ${node.role} but has ${other}.service installed`,
            nextSteps: [
              `Uninstall it on the host first (${other === 'k3s' ? 'k3s-uninstall.sh' : 'k3s-agent-uninstall.sh'}).`,
            ],
          }
        : {
            message: `${node.id} has ${other}.service beside ${own}.service`,
            why: `It is ${units[other].active}${units[other].enabled ? ' and starts with the host' : ''}; the file wants ${node.role === 'server' ? 'a server' : 'an agent'}. At the next boot both want to start.`,
            nextSteps: [
              `Run "systemctl disable --now ${shellWord(other)}.service" on the host, remove /etc/systemd/system/${other}.service, and run "systemctl daemon-reload". The uninstall script of the other role would take K3s itself away.`,
            ],
          };
    }),
});
