import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import type { Cluster } from '../../core/cluster/cluster';
import { disclosureLabel, disclosuresOf } from '../../core/cluster/disclosures';
import { laidMachines } from '../../core/plan/plan';
import type { Step } from '../../core/plan/step';
import { listed } from '../../core/base/words';
import { machineLabel } from '../secrets/disclosureQuestion';

/** What of this machine reaches the hosts that steps run on, by name and host. SSH keys stay here and are left out. */
export function secretNotes(cluster: Cluster, steps: readonly Step[]): string[] {
  const touched = new Set(steps.map(({ on }) => on));
  const laid = laidMachines(steps);
  const sent = disclosuresOf(cluster).filter(
    ({ kind, use, machine }) => kind !== 'key' && (use.startsWith('ssh.') ? touched : laid).has(machine.id),
  );
  return [...groupBy(sent, disclosureLabel)].map(([label, uses]) => {
    const machines = [...new Set(uses.map(({ machine }) => machineLabel(machine)))];
    const keys = [...new Set(uses.map(({ use }) => use))];
    const all = machines.length > 1 && machines.length === touched.size;
    return say`The ${label} (${listed(keys)}) goes to ${all ? say`all ${machines.length} hosts of this plan` : machines.join(', ')}.`;
  });
}
