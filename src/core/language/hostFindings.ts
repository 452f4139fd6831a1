import type { Cluster } from '../cluster/cluster';
import type { ClusterDocument } from '../document/clusterDocument';
import { TRIAL_SEVERITIES } from '../datastore/trial/ids';
import type { Finding as DatastoreFinding } from '../datastore/trial/trial';
import type { HostFinding } from '../hostChecks/hostCheck';
import { placeHostFindings } from '../hostChecks/places';
import { firstPlace, key, value } from '../rules/reading/places';
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

/** Tells of a finding of a machine, or of the datastore, whether the file ignores it or levels switch it off. */
export function ignoredIn(
  document: ClusterDocument,
  cluster: Cluster,
  levels: RuleLevels = {},
): (finding: HostFinding | DatastoreFinding) => boolean {
  return (finding) =>
    'machine' in finding
      ? hostFindingsIn(document, cluster, [finding], levels).length === 0
      : control(document, [placeTrialFinding(document, finding)], levels).findings.length === 0;
}

/** At the endpoint, or what of the datastore the file says. */
function placeTrialFinding(document: ClusterDocument, { code, says }: DatastoreFinding): Finding {
  const place = firstPlace(
    document,
    value(['datastore', 'endpoint']),
    value(['datastore', 'type']),
    key(['datastore']),
  );
  return { ...place, ruleId: code, severity: TRIAL_SEVERITIES[code], message: says };
}
