import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { listed } from '../../core/base/words';
import { manifestFolder } from '../../core/cluster/hostFiles';
import { fileChanges, leftFiles } from './fileChange';
import { reachedNodes, type Situation } from './situation';

/** Worth knowing about the files of the hosts before one says yes. */
export function fileNotes(situation: Situation): readonly string[] {
  const nodes = reachedNodes(situation);
  const left = nodes.flatMap((node) => leftFiles(situation, node).map((path) => ({ path, id: node.id })));
  const manifests = nodes.flatMap((node) =>
    fileChanges(situation, node)
      .filter(({ kind, path }) => kind === 'remove' && path.startsWith(`${manifestFolder(situation.cluster, node)}/`))
      .map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
  );
  return [
    ...[...groupBy(left, ({ path }) => path)].map(
      ([path, on]) =>
        say`${path} on ${listed(on.map(({ id }) => id))} is not in the cluster file any more; somebody has changed it there, so it stays.`,
    ),
    ...(manifests.length === 0
      ? []
      : [
          say`K3s keeps in the cluster what it made of ${listed([...new Set(manifests)])}: it deletes nothing when a manifest goes. To have it deleted, too, write the name of the file under deleteManifests before this plan is carried out; afterwards only kubectl does.`,
        ]),
  ];
}
