import { say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { Draft } from '../../core/plan/draft';
import { noSnapshotsProblem } from './datastoreCopy';
import { identityProblems } from './identity';
import type { KnownSnapshot } from '../../core/health/snapshots';
import { knownSnapshots } from './knownSnapshots';
import { deleteSnapshot } from '../steps/deleteSnapshot';
import type { Situation } from './situation';
import { snapshotServer } from './snapshotServer';
import { isRunning } from './starts';

/** All snapshots of a situation by name. */
export function snapshotsOf(situation: Situation): ReadonlyMap<string, KnownSnapshot> {
  return new Map(knownSnapshots(situation, situation.live?.snapshots).map((one) => [one.name, one]));
}

/**
 * Plans to delete snapshots wherever they are; those that are gone are as wanted. K3s deletes them itself, so that it also
 * forgets them, and has to run where they lie.
 */
export function planDeletion(draft: Draft, situation: Situation, names: readonly string[], why: string): void {
  const none = noSnapshotsProblem(situation.cluster);
  if (none !== undefined) return draft.refuse(none);
  draft.refuse(...identityProblems(situation));
  if (draft.problems.length > 0) return;
  const known = snapshotsOf(situation);
  for (const name of names) {
    const { places = [] } = known.get(name) ?? {};
    const remote = places.some(({ kind }) => kind === 's3');
    const disks = places.flatMap((place) => (place.kind === 'disk' ? [place.server] : []));
    const off = disks.filter(
      (id) => !situation.cluster.servers.some((one) => one.id === id && isRunning(one, situation.facts)),
    );
    if (off.length > 0)
      draft.note(say`${name} stays on ${listed(off)}: K3s does not run there, and only K3s deletes it everywhere.`);
    const unseen = places.flatMap((place) => (place.kind === 'unseen' ? [place.node] : []));
    if (unseen.length > 0) draft.note(say`${name} stays on ${listed(unseen)}, which was not seen.`);
    const on = situation.cluster.servers.filter(({ id }) => disks.includes(id) && !off.includes(id));
    const other = snapshotServer(situation);
    const servers = on.length > 0 ? on : remote && other !== undefined ? [other] : [];
    for (const server of servers)
      draft.add(deleteSnapshot.step(server, { name, where: remote ? 'everywhere' : 'disk' }, why));
  }
}

/** What is said of names that no snapshot has. */
export function refuseUnknown(draft: Draft, situation: Situation, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  const names = [...snapshotsOf(situation).keys()];
  draft.refuse(
    problem('snapshot-unknown', say`There is no snapshot ${listed(unknown)}`, {
      nextSteps: [
        names.length === 0 ? say`There is none at all, as far as can be seen.` : say`The newest are ${listed(names)}.`,
      ],
    }),
  );
}
