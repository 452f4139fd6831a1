import { machinesOf } from '../cluster/roles';
import type { Cluster } from '../cluster/cluster';
import type { ClusterDocument } from '../document/clusterDocument';
import type { Finding } from '../rules/rule';
import { firstPlace, value } from '../rules/reading/places';
import type { HostFinding } from './hostCheck';

/** Findings of machines as findings of the file: at the machine's line, with the machine in `data`. Those of machines that the file does not have any more are left out. */
export function placeHostFindings(
  document: ClusterDocument,
  cluster: Cluster,
  findings: readonly HostFinding[],
): readonly Finding[] {
  const machines = new Map(machinesOf(cluster).map((machine) => [machine.id, machine]));
  return findings.flatMap(({ id, severity, machine, message, nextSteps }) => {
    const at = machines.get(machine);
    if (at === undefined) return [];
    const place = firstPlace(document, value([...at.path, 'host']), value(at.path));
    return [{ ...place, ruleId: id, severity, message: sentences(message, nextSteps), data: { machine } }];
  });
}

/** What was found, and the steps behind it as sentences of their own. */
export function sentences(message: string, nextSteps: readonly string[]): string {
  return nextSteps.length === 0 ? message : [/[.!?]$/.test(message) ? message : `${message}.`, ...nextSteps].join(' ');
}
