import { later, say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { count } from '../../core/base/words';
import { ON_DEMAND } from '../../core/k3s/snapshotName';
import { planDeletion, snapshotsOf } from '../planning/snapshotDeletion';
import type { Situation } from '../planning/situation';
import type { Operation } from './operation';

/** Which snapshots are kept. */
interface PruneIntent {
  /** So many of each server, the newest. */
  readonly keep: number;
  /** What they are called, without node and time. */
  readonly base?: string;
  /** Those that go, as it was when the hosts were seen first. */
  readonly names?: readonly string[];
}

/** Deletes all but the newest snapshots of a name on each server. K3s's own prune takes the beginning of names for the name, and tells nobody before. */
export const pruneSnapshots: Operation<PruneIntent> = {
  id: 'prune-snapshots',
  title: later`Prune Snapshots…`,
  asks: 'plan',
  needs: 'snapshots',
  then: 'snapshots',
  bind: (situation, intent) => ({ ...intent, names: intent.names ?? surplus(situation, intent) }),
  plan(situation, intent, draft) {
    const { keep, base = ON_DEMAND, names = surplus(situation, intent) } = intent;
    planDeletion(draft, situation, names, say`${count(keep, `newer snapshot`)} called ${base} of that server stay`);
  },
};

function surplus(situation: Situation, { keep, base = ON_DEMAND }: PruneIntent): readonly string[] {
  const meant = [...snapshotsOf(situation).values()].filter((one) => one.base === base);
  const servers = groupBy(meant, ({ places }) => {
    const [place] = places;
    return place?.kind === 'disk' ? place.server : (place?.kind ?? '');
  });
  return [...servers.values()].flatMap((ofServer) => ofServer.slice(keep)).map(({ name }) => name);
}
