import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { PathPart } from './clusterDocument';
import { mergeEntryFor, ownEntry, type TreeNode } from './tree';

/** Where `path` is written in a tree; see {@link ClusterDocument.rangeOf}. */
export function rangeOf(root: TreeNode | undefined, path: Path, part: PathPart): TextRange | undefined {
  let node = root;
  let key = root?.range;
  for (const step of path) {
    // What lies behind an alias or a merge key is shown where it is used.
    if (node?.kind === 'alias') return node.range;
    if (node?.kind === 'map') {
      const own = ownEntry(node, String(step));
      const entry = own ?? mergeEntryFor(node, String(step));
      if (entry === undefined) return undefined;
      if (own === undefined) return part === 'key' ? entry.keyRange : entry.value.range;
      key = entry.keyRange;
      node = entry.value;
    } else if (node?.kind === 'list' && typeof step === 'number') {
      node = node.items[step];
      key = node?.range;
    } else return undefined;
  }
  return part === 'key' ? key : node?.range;
}

/** The deepest path of a tree that contains `offset`. */
export function pathAt(root: TreeNode, offset: number): { path: Path; part: PathPart } | undefined {
  if (!contains(root.range, offset)) return undefined;
  const path: (string | number)[] = [];
  let node: TreeNode = root;
  for (;;) {
    if (node.kind === 'map') {
      const entry = node.entries.find((e) =>
        contains({ start: e.keyRange.start, end: Math.max(e.keyRange.end, e.value.range.end) }, offset),
      );
      if (entry === undefined) return { path, part: 'value' };
      path.push(entry.key);
      if (contains(entry.keyRange, offset)) return { path, part: 'key' };
      if (!contains(entry.value.range, offset)) return { path, part: 'value' };
      node = entry.value;
    } else if (node.kind === 'list') {
      const index: number = node.items.findIndex((item) => contains(item.range, offset));
      const item: TreeNode | undefined = node.items[index];
      if (item === undefined) return { path, part: 'value' };
      path.push(index);
      node = item;
    } else return { path, part: 'value' };
  }
}

function contains(range: TextRange, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}
