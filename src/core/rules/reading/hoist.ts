import type { Path } from '../../base/path';
import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { inSequence } from '../../document/inSequence';
import { valueAt } from './read';
import { removeOption } from './optionEdits';
import { writtenValue } from '../../cluster/written';

/** Writes the server's value for the whole role and takes the nodes' own values away. */
export function hoistOption(
  context: RuleContext,
  option: string,
  server: ClusterNode | undefined,
): readonly TextEdit[] {
  const { cluster, document } = context;
  const shared: Path = ['servers', 'config', option];
  const own = cluster.servers
    .flatMap((node): Path[] => [
      [...node.path, 'config', option],
      [...node.path, 'config', `${option}+`],
    ])
    .filter((path) => valueAt(document.data, path) !== undefined);
  const unique = [...new Map(own.map((path) => [path.join('\u0000'), path])).values()];
  const wanted = server === undefined ? undefined : writtenValue(server, option);
  const current = valueAt(document.data, shared);
  const steps = unique.map((path) => (edited: ClusterDocument) => removeOption(edited, path));
  if (wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(current))
    steps.push((edited) => setValue(edited, shared, wanted));
  if (wanted === undefined && current !== undefined) steps.push((edited) => removeOption(edited, shared));
  return inSequence(document, ...steps);
}
