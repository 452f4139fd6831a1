import { later, say } from '../../base/say';
import { groupBy } from '../../base/group';
import { listed } from '../../base/words';
import { nodesOf } from '../../cluster/roles';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const machineIdDuplicate = defineHostCheck({
  id: 'machine-id-duplicate',
  severity: 'warning',
  title: later`Several machines of one machine-id`,
  rationale: `Machines that were cloned from one image often share \`/etc/machine-id\`. They then ask for the same address by DHCP and get the same MAC addresses for interfaces of systemd, flannel's among them, so that packets of pods go to the wrong machine.`,
  sources: [DOCUMENTS.machineId],
  judge: ({ cluster, facts }) => {
    const known = nodesOf(cluster).filter(({ id }) => (facts.get(id)?.system?.machineId ?? '') !== '');
    return [...groupBy(known, ({ id }) => facts.get(id)?.system?.machineId ?? '')].flatMap(([, nodes]) => {
      const [first, ...others] = nodes;
      if (first === undefined || others.length === 0) return [];
      return [
        {
          machine: first.id,
          message: say`${listed(nodes.map(({ id }) => id))} have the same machine-id, as clones of one image do`,
          nextSteps: [
            say`Before K3s is installed, give each one its own: remove /etc/machine-id and /var/lib/dbus/machine-id, run systemd-machine-id-setup, and restart the machine.`,
          ],
        },
      ];
    });
  },
});
