import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { upgradeRules } from '../../core/cluster/upgradeRules';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { saveSnapshot } from '../steps/saveSnapshot';
import { noSnapshotsProblem } from './datastoreCopy';
import { keptCopy, type KeepIntent } from './keptSnapshot';
import { changesRelease, type NodeChange } from './nodeChange';
import type { Situation } from './situation';
import { isRunning } from './starts';

interface FirstSnapshot {
  readonly server: ClusterNode;
  readonly step: Step;
}

/**
 * Saves the snapshot before an upgrade, and copies it to this computer where the person wants that; ids of what to wait for.
 * Who wants a copy gets one, whatever the file says of snapshots.
 */
export function planFirstSnapshot(
  draft: Draft,
  situation: Situation,
  servers: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
  intent: KeepIntent,
  after: readonly string[],
): readonly string[] {
  const { cluster } = situation;
  const wanted = intent.keep !== undefined && servers.some((node) => changesRelease(situation, node, changeOf(node)));
  const none = wanted ? noSnapshotsProblem(cluster) : undefined;
  if (none !== undefined) draft.refuse(none);
  const first = wanted || upgradeRules(cluster).snapshotFirst ? firstSnapshot(situation, servers, changeOf) : undefined;
  if (first === undefined) {
    if (wanted)
      draft.note(
        say`No snapshot is copied to this computer: none is saved once a server has the new release. The one from before lies on a server as before-….`,
      );
    return after;
  }
  const { server, step } = first;
  let last = [...after, draft.add(step, after)];
  for (const copy of keptCopy(step, server, intent)) last = [draft.add(copy, last)];
  return last;
}

/**
 * The snapshot that is saved before the first of these servers gets another release: a datastore does not go back to an
 * older minor version. None when one of them has the release already: then the run goes on with an upgrade that had one.
 * https://docs.k3s.io/upgrades/roll-back
 */
function firstSnapshot(
  situation: Situation,
  servers: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
): FirstSnapshot | undefined {
  const { cluster, facts } = situation;
  const members = cluster.servers.filter(({ id }) => facts.get(id)?.etcdData === true);
  const going = servers.filter((node) => members.includes(node) && changesRelease(situation, node, changeOf(node)));
  const [first] = going;
  const release = first === undefined ? undefined : changeOf(first).installation?.release;
  if (release === undefined || members.some(({ id }) => facts.get(id)?.k3sVersion === release)) return undefined;
  const asked = members.find((node) => isRunning(node, facts));
  if (asked === undefined) return undefined;
  const name = `before-${release.replaceAll('+', '-')}`;
  const why = say`a datastore does not go back to an older minor version without one`;
  return { server: asked, step: saveSnapshot.step(asked, { name }, why) };
}
