import { later, say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { planDeletion, refuseUnknown, snapshotsOf } from '../planning/snapshotDeletion';
import type { Operation } from './operation';

/** The snapshots that go. */
interface DeleteIntent {
  readonly names: readonly string[];
  /** Those of them that nobody knew when the hosts were seen first. */
  readonly unknown?: readonly string[];
}

/** Deletes snapshots from the servers, and from S3 where they are there, too. */
export const deleteSnapshot: Operation<DeleteIntent> = {
  id: 'delete-snapshot',
  title: later`Delete Snapshot`,
  asks: 'plan',
  needs: 'snapshots',
  then: 'snapshots',
  bind: (situation, intent) => ({
    ...intent,
    unknown: intent.unknown ?? intent.names.filter((name) => !snapshotsOf(situation).has(name)),
  }),
  plan(situation, { names, unknown = [] }, draft) {
    // A run that was cut off has deleted some of them: the same command goes on with the others.
    if (unknown.length > 0 && unknown.length < names.length)
      draft.note(say`There is no snapshot ${listed(unknown)} (any more); the others are deleted.`);
    else if (situation.cluster.datastore.type === 'embedded-etcd') refuseUnknown(draft, situation, unknown);
    planDeletion(draft, situation, names, say`you asked for it`);
  },
};
