import type { ClusterNode } from '../../cluster/cluster';
import { unitOf } from '../../cluster/roles';
import { disableCommand, serviceName, type ServiceManager } from '../../k3s/serviceManager';
import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes, type HostReport } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { strayUnit, type StrayUnit } from '../reading/strayUnit';

export const roleChanged = defineHostCheck({
  id: 'role-changed',
  severity: 'error',
  title: later`K3s of the other role is installed`,
  rationale: `A machine is a server or an agent; K3s has a service for each, and cannot turn one into the other. Two units on one machine are harmless until the next boot, when both want to start. *Provision* takes the one away that does not belong to the role of the machine and keeps its files in /var/lib/k3s-ha/removed-units; then this is a warning. It takes none away that runs, and no unit of a server that has left its data there.`,
  sources: [DOCUMENTS.twoUnits],
  judge: (look) =>
    ofNodes(look, (node, seen) => {
      const own = unitOf(node);
      const other = own === 'k3s' ? 'k3s-agent' : 'k3s';
      if (seen.units[other] === undefined) return undefined;
      const stray = strayUnit(node, seen);
      return stray === undefined
        ? {
            message: say`${node.id} is declared as ${node.role} but has ${serviceName(other, seen.init)} installed`,
            nextSteps: [
              say`A role is changed by a removal and an addition: write ${node.id} as ${node.role === 'server' ? say`an agent` : say`a server`} again, remove it from the cluster (Remove Node), then add it as ${node.role} and provision.`,
            ],
          }
        : strayReport(node, stray, seen.init);
    }),
});

function strayReport(
  node: ClusterNode,
  { name, unit, needed }: StrayUnit,
  manager: ServiceManager,
): Pick<HostReport, 'severity' | 'message' | 'why' | 'nextSteps'> {
  const message = say`${node.id} has ${serviceName(name, manager)} beside ${serviceName(unitOf(node), manager)}`;
  const state = say`It is ${unit.active}${unit.enabled ? say` and starts with the host` : ''}; the file wants ${node.role === 'server' ? say`a server` : say`an agent`}. At the next boot both want to start.`;
  if (needed === undefined)
    return { severity: 'warning', message, why: state, nextSteps: [say`Provision the cluster: that takes it away.`] };
  const command = say`Run "${disableCommand(name, manager)}" on the host, and remove ${manager === 'openrc' ? `/etc/init.d/${name}` : say`/etc/systemd/system/${name}.service, and run "systemctl daemon-reload"`}. The uninstall script of the other role would take K3s itself away.`;
  return needed === 'data'
    ? {
        message: say`${message}, and a server has left its data there`,
        why: state,
        nextSteps: [
          say`See whose data is in the folder server below the data-dir of K3s, and save what anybody needs. Then move that folder away and provision the cluster.`,
        ],
      }
    : { message, why: state, nextSteps: [command] };
}
