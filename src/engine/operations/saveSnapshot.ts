import { later, say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { etcdMembers } from '../../core/cluster/roles';
import { isBaseName, ON_DEMAND } from '../../core/k3s/snapshotName';
import type { MachineId } from '../../core/plan/step';
import { noSnapshotsProblem } from '../planning/datastoreCopy';
import { identityProblems } from '../planning/identity';
import type { Situation } from '../planning/situation';
import { snapshotServer } from '../planning/snapshotServer';
import { saveSnapshot as save } from '../steps/saveSnapshot';
import type { Operation } from './operation';

/** What a snapshot is to be called, and where it is saved. */
interface SaveIntent {
  readonly name?: string;
  /** A server of the file; any that runs without one. */
  readonly on?: MachineId;
  /** Snapshots that were there before: another one of that name is the one that was asked for. */
  readonly before?: readonly string[];
}

/** Saves a snapshot of etcd on one server and proves that the cluster could be restored from it. */
export const saveSnapshot: Operation<SaveIntent> = {
  id: 'save-snapshot',
  title: later`Take Snapshot`,
  asks: 'nothing',
  then: 'snapshots',
  bind: (situation, intent) => {
    const on = chosenServer(situation, intent);
    return on === undefined ? intent : { ...intent, on: on.id, before: intent.before ?? filesOn(situation, on.id) };
  },
  plan(situation, intent, draft) {
    const { name = ON_DEMAND, before } = intent;
    const none = noSnapshotsProblem(situation.cluster);
    if (none !== undefined) return draft.refuse(none);
    draft.refuse(...identityProblems(situation));
    if (!isBaseName(name))
      draft.refuse(
        problem('snapshot-name', say`A snapshot cannot be called "${name}"`, {
          why: say`The name becomes part of a file name and of the name of an object.`,
          nextSteps: [say`Use letters, digits, dots, dashes and underscores, 60 at most.`],
        }),
      );
    const on = chosenServer(situation, intent);
    if (on === undefined)
      draft.refuse(
        problem('no-snapshot-server', say`No server of ${situation.cluster.name} can save a snapshot now`, {
          why: say`K3s has to run on a server that is a member of etcd, and etcd has to have its majority.`,
          nextSteps: [
            say`Start K3s on a server. Without a majority "k3s-ha snapshot restore FILE --survivor SERVER" copies what a server has.`,
          ],
        }),
      );
    if (on === undefined || draft.problems.length > 0) return;
    const isNew = (file: string): boolean => file.startsWith(`${name}-`) && before?.includes(file) === false;
    if (filesOn(situation, on.id).some(isNew)) return;
    draft.add(save.step(on, { name }, say`you asked for it`));
  },
};

function chosenServer(situation: Situation, { on }: SaveIntent): ClusterNode | undefined {
  if (on === undefined) return snapshotServer(situation);
  return etcdMembers(situation.cluster).find(({ id }) => id === on);
}

function filesOn({ facts }: Situation, id: MachineId): readonly string[] {
  return [...(facts.get(id)?.snapshots?.files.keys() ?? [])];
}
