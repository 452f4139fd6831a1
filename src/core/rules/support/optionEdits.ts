import type { Path } from '../../base/path';
import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry } from '../../document/edit';
import type { ClusterNode } from '../../spec/cluster';
import type { RuleContext } from '../rule';
import { inSequence } from '../../document/inSequence';
import { optionPaths } from './places';
import { isMap, valueAt } from './read';

/** Where an option of several nodes is written, each place once. */
export function optionPathsOf(context: RuleContext, nodes: readonly ClusterNode[], name: string): readonly Path[] {
  return [...new Map(nodes.flatMap((node) => optionPaths(context, node, name)).map((path) => [path.join('\u0000'), path])).values()];
}

/** Removes an option, and the `config:` around it when nothing else stands there. */
export function removeOption(document: ClusterDocument, path: Path): readonly TextEdit[] {
  const block = path.slice(0, -1);
  const options = valueAt(document.data, block);
  const last = block.at(-1) === 'config' && isMap(options) && Object.keys(options).length === 1;
  return removeEntry(document, last ? block : path);
}

/** Removes the options at all places, or nothing if one of them cannot be removed. */
export function removeAll(document: ClusterDocument, paths: readonly Path[]): readonly TextEdit[] {
  return inSequence(document, ...paths.map((path) => (current: ClusterDocument) => removeOption(current, path)));
}
