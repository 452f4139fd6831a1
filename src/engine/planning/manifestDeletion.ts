import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { listed } from '../../core/base/words';
import { apiServers } from '../../core/cluster/roles';
import type { Draft } from '../../core/plan/draft';
import { goingWithObjects } from './fileChange';
import { planDeletion, type LeavingManifest } from './leavingManifest';
import { reachedNodes, type Situation } from './situation';
import { isRunning } from './starts';

/** Deletes what K3s made of the manifests that the cluster file names for it. Ids of the deletions. */
export function planManifestDeletions(draft: Draft, situation: Situation, after: readonly string[]): readonly string[] {
  const leaving = reachedNodes(situation).flatMap((node) =>
    goingWithObjects(situation, node).map(({ path, difference }): LeavingManifest => ({ node, path, difference })),
  );
  return [...groupBy(leaving, ({ path }) => nameOf(path)).values()].flatMap((laid) => {
    const runs = ({ node }: LeavingManifest): boolean => isRunning(node, situation.facts);
    const [asked, ...others] = [...laid.filter(runs), ...laid.filter((one) => !runs(one))];
    const why = say`the cluster file does not have it any more`;
    return asked === undefined ? [] : [planDeletion(draft, [asked, ...others], why, after)];
  });
}

/** Worth knowing before objects are deleted with their manifest, or are not. */
export function manifestDeletionNotes(situation: Situation): readonly string[] {
  const { cluster, desired, unreachable } = situation;
  const nodes = reachedNodes(situation);
  const going = new Set(nodes.flatMap((node) => goingWithObjects(situation, node).map(({ path }) => nameOf(path))));
  const wanted = new Set(
    nodes.flatMap(({ id }) =>
      (desired.get(id)?.files ?? []).filter(({ kind }) => kind === 'manifest').map(({ to }) => nameOf(to)),
    ),
  );
  const kept = (cluster.deleteManifests ?? []).filter((name) => wanted.has(name));
  const away = going.size === 0 ? [] : apiServers(cluster).filter(({ id }) => unreachable.has(id));
  return [
    ...[...going].map(
      (name) =>
        say`What K3s made of ${name} is deleted from the cluster, data of its volumes included, because deleteManifests names it.`,
    ),
    ...kept.map(
      (name) => say`${name} is named by deleteManifests and still one of the manifests, so nothing of it is deleted.`,
    ),
    ...away.map(
      ({ id }) =>
        say`${id} does not answer: ${listed([...going])} there would come back when its K3s starts. Run again when it answers.`,
    ),
  ];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
