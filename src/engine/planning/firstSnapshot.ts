import type { ClusterNode } from '../../core/cluster/cluster';
import { upgradeRules } from '../../core/cluster/upgradeRules';
import type { Step } from '../../core/plan/step';
import { saveSnapshot } from '../steps/saveSnapshot';
import { changesRelease, type NodeChange } from './nodeChange';
import type { Situation } from './situation';
import { isRunning } from './starts';

/**
 * The snapshot that is saved before the first of these servers gets another release: a datastore does not go back to an
 * older minor version. None when one of them has the release already: then the run goes on with an upgrade that had one.
 * https://docs.k3s.io/upgrades/roll-back
 */
export function firstSnapshot(
  situation: Situation,
  servers: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
): Step | undefined {
  const { cluster, facts } = situation;
  if (!upgradeRules(cluster).snapshotFirst) return undefined;
  const members = cluster.servers.filter(({ id }) => facts.get(id)?.etcdData === true);
  const going = servers.filter((node) => members.includes(node) && changesRelease(situation, node, changeOf(node)));
  const [first] = going;
  const release = first === undefined ? undefined : changeOf(first).installation?.release;
  if (release === undefined || members.some(({ id }) => facts.get(id)?.k3sVersion === release)) return undefined;
  const asked = members.find((node) => isRunning(node, facts));
  if (asked === undefined) return undefined;
  const name = `before-${release.replaceAll('+', '-')}`;
  return saveSnapshot.step(asked, { name }, 'a datastore does not go back to an older minor version without one');
}
