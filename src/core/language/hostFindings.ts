import type { Cluster } from '../cluster/cluster';
import type { ClusterDocument } from '../document/clusterDocument';
import type { HostFinding } from '../hostChecks/hostCheck';
import { placeHostFindings } from '../hostChecks/places';
import type { Finding } from '../rules/rule';
import { control, type RuleLevels } from './control';

/** The findings of machines where the file describes these, without those that comments ignore or levels switch off. */
export function hostFindingsIn(
  document: ClusterDocument,
  cluster: Cluster,
  findings: readonly HostFinding[],
  levels: RuleLevels = {},
): readonly Finding[] {
  return control(document, placeHostFindings(document, cluster, findings), levels).findings;
}

/** Tells of a finding of a machine whether the file ignores it or levels switch it off. */
export function ignoredIn(
  document: ClusterDocument,
  cluster: Cluster,
  levels: RuleLevels = {},
): (finding: HostFinding) => boolean {
  return (finding) => hostFindingsIn(document, cluster, [finding], levels).length === 0;
}
