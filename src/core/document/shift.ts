import type { TextRange } from '../base/text';
import type { MapEntry, TreeNode } from './tree';

/** Old nodes and where they have gone, so that aliases keep pointing into the same tree. */
export type Moved = Map<TreeNode, TreeNode>;

/** A copy of a tree `by` characters further down; aliases follow what `moved` knows. */
export function shiftNode(node: TreeNode, by: number, moved: Moved): TreeNode {
  const copy = shiftedCopy(node, by, moved);
  if (node.anchor !== undefined) moved.set(node, copy);
  return copy;
}

function shiftedCopy(node: TreeNode, by: number, moved: Moved): TreeNode {
  const range = shiftRange(node.range, by);
  switch (node.kind) {
    case 'map':
      return { ...node, range, entries: node.entries.map((entry) => shiftEntry(entry, by, moved)) };
    case 'list':
      return {
        ...node,
        range,
        items: node.items.map((item) => shiftNode(item, by, moved)),
        dashes: node.dashes.map((dash) => dash + by),
      };
    case 'alias':
      return node.target === undefined
        ? { ...node, range }
        : { ...node, range, target: moved.get(node.target) ?? node.target };
    case 'scalar':
      return { ...node, range };
  }
}

export function shiftEntry(entry: MapEntry, by: number, moved: Moved): MapEntry {
  return { ...entry, keyRange: shiftRange(entry.keyRange, by), value: shiftNode(entry.value, by, moved) };
}

export function shiftRange(range: TextRange, by: number): TextRange {
  return { start: range.start + by, end: range.end + by };
}
