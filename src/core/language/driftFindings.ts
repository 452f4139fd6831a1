import { say } from '../base/say';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { listed } from '../base/words';
import { machinesOf, nodesOf } from '../cluster/roles';
import type { ClusterDocument } from '../document/clusterDocument';
import {
  differencesOf,
  groupsOf,
  isAdoptable,
  strangerWords,
  type HostDifference,
  type HostDrift,
} from '../health/hostDrift';
import { remainingDrift } from '../health/remainingDrift';
import { firstPlace, optionPaths, value, type Place } from '../rules/reading/places';
import type { Finding } from '../rules/rule';
import { control, type RuleLevels } from './control';

/** A difference where the file says otherwise, for all machines that have it there. */
export interface DriftFinding extends Finding {
  /** Absent for nodes that the file does not have. */
  readonly same?: readonly HostDifference[];
}

/** What is not as the file says, at the lines that say it; without what comments ignore or levels switch off. */
export function driftFindings(
  document: ClusterDocument,
  cluster: Cluster,
  drift: HostDrift,
  levels: RuleLevels = {},
): readonly DriftFinding[] {
  const left = remainingDrift(drift, cluster);
  const all: readonly DriftFinding[] = [
    ...groupsOf(differencesOf(left)).flatMap((same) => findingsOf(document, cluster, same)),
    ...left.strangers.map((stranger): DriftFinding => ({
      ...firstPlace(document, { path: [`${stranger.role}s`, 'nodes'], part: 'key' }),
      ruleId: 'drift',
      severity: 'warning',
      message: say`${stranger.name} is ${strangerWords(stranger)}. "Adopt Changes" adds it, "Remove Node" takes it out of the cluster.`,
      data: { machine: stranger.name },
    })),
  ];
  return control(document, all, levels).findings;
}

/** One finding for each place: machines that share the line share the finding. */
function findingsOf(
  document: ClusterDocument,
  cluster: Cluster,
  same: readonly HostDifference[],
): readonly DriftFinding[] {
  const nodes = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  const byPlace = new Map<string, { readonly place: Place; readonly own: HostDifference[] }>();
  for (const one of same) {
    const place = placeOf(document, cluster, one, nodes.get(one.machine));
    const key = JSON.stringify(place);
    const known = byPlace.get(key);
    if (known === undefined) byPlace.set(key, { place, own: [one] });
    else known.own.push(one);
  }
  return [...byPlace.values()].map(({ place, own }) => ({
    ...place,
    ruleId: 'drift',
    severity: 'warning',
    message: sentence(own),
    data: { machine: own[0]?.machine ?? '' },
    same: own,
  }));
}

function sentence(same: readonly HostDifference[]): string {
  const [first] = same;
  if (first === undefined) return '';
  const { seen, says, about } = first;
  const byHand = about.kind === 'option' && about.by !== undefined;
  const undo = byHand ? say`Only a person changes that file.` : say`Provision changes it back.`;
  const adopt = isAdoptable(first) ? say` "Adopt" takes it into the file.` : '';
  return say`On ${listed(same.map(({ machine }) => machine))} ${seen}, and ${says}. ${undo}${adopt}`;
}

function placeOf(
  document: ClusterDocument,
  cluster: Cluster,
  { machine, about }: HostDifference,
  node: ClusterNode | undefined,
): Place {
  const path = machinesOf(cluster).find(({ id }) => id === machine)?.path ?? [];
  const host = [value([...path, 'host']), value(path)];
  switch (about.kind) {
    case 'version':
      return firstPlace(document, value(['k3s', 'version']), value(['k3s', 'channel']), ...host);
    case 'balancer':
      return firstPlace(document, ...host, value(['loadBalancer', 'type']), value(['loadBalancer']));
    case 'file': {
      const sent = node?.files?.find(({ to }) => to === about.path)?.path;
      return firstPlace(document, ...(sent === undefined ? [] : [value(sent)]), ...host);
    }
    case 'option':
    case 'mark': {
      const name = about.kind === 'mark' ? about.option : about.name;
      const [written] = node === undefined ? [] : optionPaths({ document, cluster }, node, name);
      return firstPlace(document, ...(written === undefined ? [] : [value(written)]), ...host);
    }
    default:
      return firstPlace(document, ...host);
  }
}
