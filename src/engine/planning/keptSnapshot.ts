import { later, said, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { etcdMembers } from '../../core/cluster/roles';
import { isSnapshotName } from '../../core/k3s/snapshotName';
import type { Step } from '../../core/plan/step';
import { keepSnapshot } from '../steps/keepSnapshot';
import { saveSnapshot } from '../steps/saveSnapshot';
import { noSnapshotsProblem } from './datastoreCopy';
import { knownSnapshots } from './knownSnapshots';
import type { Situation } from './situation';
import { snapshotServer } from './snapshotServer';

/** What a person may want before something that cannot be undone. */
export interface KeepIntent {
  /** A folder of this computer that gets a snapshot first. */
  readonly keep?: string;
}

const WHY = later`what follows cannot be undone without it`;

/** The copy of a snapshot that a step before has saved on a server; none where nobody wants one. */
export function keptCopy(saved: Step, server: ClusterNode, { keep }: KeepIntent): readonly Step[] {
  if (keep === undefined) return [];
  const { name } = saved.input as { readonly name: string };
  return [keepSnapshot.step(server, { snapshot: { base: name }, folder: keep }, said(WHY))];
}

/**
 * A snapshot for this computer before everything goes: a new one where etcd can save it, else the newest that lies on a server. A
 * problem where there is none although servers still have their data; nothing once these are gone.
 */
export function lastSnapshot(situation: Situation, folder: string): readonly Step[] | Problem {
  const { cluster, facts, live } = situation;
  const none = noSnapshotsProblem(cluster);
  if (none !== undefined) return none;
  const members = etcdMembers(cluster).filter(({ id }) => facts.get(id)?.etcdData === true);
  const saver = live?.etcd?.healthy === true ? snapshotServer(situation) : undefined;
  if (saver !== undefined) {
    const saved = saveSnapshot.step(saver, { name: 'before-reset' }, say`it has what the cluster is now`);
    return [saved, ...keptCopy(saved, saver, { keep: folder })];
  }
  const [newest] = knownSnapshots(situation)
    .filter(({ name }) => isSnapshotName(name))
    .flatMap(({ name, places }) =>
      places.flatMap((place) => (place.kind === 'disk' ? [{ name, on: place.server }] : [])),
    );
  const server = cluster.servers.find(({ id }) => id === newest?.on);
  if (newest !== undefined && server !== undefined)
    return [keepSnapshot.step(server, { snapshot: { name: newest.name }, folder }, said(WHY))];
  if (members.length === 0) return [];
  return problem('no-snapshot-to-keep', say`There is no snapshot that could be copied to this computer`, {
    why: say`etcd does not answer, so none can be saved, and none lies on the servers that were seen.`,
    nextSteps: [
      say`Bring etcd back first ("k3s-ha doctor" tells what it lacks), or get a snapshot from S3 if you have some there.`,
      say`If an earlier run has copied one, or nothing of the cluster is worth keeping, go on without a copy.`,
    ],
  });
}
