import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { describeKey } from './describe';
import { schemasAt, typesOf } from './schemaModel';

export interface Hover {
  readonly range: TextRange;
  readonly markdown: string;
}

/** What the key under the cursor (or the key whose value is under it) means; undefined where there is nothing to say. */
export function hover(document: ClusterDocument, offset: number): Hover | undefined {
  const at = document.pathAt(offset);
  if (at === undefined) return undefined;
  const range = document.rangeOf(at.path, at.part);
  if (range === undefined || offset < range.start || offset > range.end) return undefined;
  // An element of a list is explained by the key of the list; a block as a whole explains nothing.
  const keyed = at.path.findLastIndex((step) => typeof step === 'string');
  const key = at.path[keyed];
  const value = at.part === 'value' ? dataAt(document.data, at.path) : undefined;
  if (typeof key !== 'string' || (typeof value === 'object' && value !== null)) return undefined;
  const nodes = schemasAt(at.path.slice(0, keyed + 1), document.data);
  // A word where a block belongs is a key that is not finished, so the block's own text would mislead.
  if (at.part === 'value' && nodes.every((node) => typesOf(node).includes('object'))) return undefined;
  const markdown = describeKey(key, nodes);
  return markdown === '' ? undefined : { range, markdown };
}
