import { binaryPath } from '../../core/cluster/binaryPath';
import type { ClusterNode } from '../../core/cluster/cluster';
import { compareK3sVersions, parseK3sVersion } from '../../core/k3s/versions';
import type { Step } from '../../core/plan/step';
import { laySteps } from './changeSteps';
import { planChange } from './nodeChange';
import type { Situation } from './situation';

/** Whether a machine has a newer release than the file wants: only with the data of that time it can go back. */
export function goesBack({ cluster, facts }: Situation, { id }: ClusterNode): boolean {
  const wanted = parseK3sVersion(cluster.k3s.version ?? '');
  const present = parseK3sVersion(facts.get(id)?.k3sVersion ?? '');
  return wanted !== undefined && present !== undefined && compareK3sVersions(present, wanted) > 0;
}

/** Puts the release of the file on a stopped server that has a newer one, and nothing else of what the file may change. */
export function olderReleaseSteps(situation: Situation, node: ClusterNode): readonly Step[] {
  const { installation, files = [] } = goesBack(situation, node) ? planChange(situation, node) : {};
  if (installation === undefined) return [];
  const binary = files.filter(({ path }) => path === binaryPath(situation.cluster));
  return laySteps(node, { installation, files: binary });
}
