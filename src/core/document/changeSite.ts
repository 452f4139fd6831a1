import { difference } from '../base/difference';
import { columnOf, lineStart } from './layout';
import type { ListNode, MapNode, TreeNode } from './tree';

/** What differs between two texts: `start` to `oldEnd` has become `start` to `newEnd`. */
export interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The smallest change that makes `after` from `before`; undefined when they are the same. */
export function changeBetween(before: string, after: string): Change | undefined {
  const [edit] = difference(before, after);
  return edit === undefined
    ? undefined
    : { start: edit.range.start, oldEnd: edit.range.end, newEnd: edit.range.start + edit.newText.length };
}

/** A block and the child of it that leads to the next one. */
export interface Level {
  readonly node: MapNode | ListNode;
  readonly index: number;
}

/** Neighboring children of one block, in whole lines, that enclose a change. */
export interface Site {
  /** From the root to the parent of `node`. */
  readonly above: readonly Level[];
  readonly node: MapNode | ListNode;
  readonly first: number;
  readonly last: number;
  /** Lines of these children in the old text, with comments and blank lines behind them. */
  readonly start: number;
  readonly end: number;
  /** Where the children begin in their lines. */
  readonly column: number;
}

/** The places around a change that can be read apart from the rest, the largest first. */
export function sitesOf(root: TreeNode | undefined, before: string, after: string, change: Change): Site[] {
  const sites: Site[] = [];
  const above: Level[] = [];
  let node = root;
  let end = before.length;
  while (isOpen(node)) {
    const first = childBefore(node, change.start);
    if (first < 0) break;
    const count = childCount(node);
    const endOf = (index: number): number =>
      index + 1 < count ? lineStart(before, childStart(node as MapNode | ListNode, index + 1)) : end;
    let last = first;
    while (last + 1 < count && !isBorder(after, change, endOf(last))) last += 1;
    const siteEnd = endOf(last);
    const begin = childStart(node, first);
    const start = lineStart(before, begin);
    const column = begin - start;
    // Children in different columns or without a key are a mistake whose report depends on what stands before them.
    if (column !== columnOf(before, childStart(node, 0)) || !isWritten(node, first)) break;
    if (
      last + 1 < count &&
      !(
        isWritten(node, last + 1) &&
        childStart(node, last + 1) - siteEnd === column &&
        isBlank(before, siteEnd, siteEnd + column)
      )
    )
      break;
    if (isBlank(before, start, begin) && (siteEnd === before.length || isBorder(after, change, siteEnd))) {
      sites.push({ above: [...above], node, first, last, start, end: siteEnd, column });
    }
    if (first !== last) break;
    above.push({ node, index: first });
    end = siteEnd;
    node = node.kind === 'list' ? node.items[first] : node.entries[first]?.value;
  }
  return sites;
}

/** Blocks whose children are independent of each other and of what refers to the block. */
function isOpen(node: TreeNode | undefined): node is MapNode | ListNode {
  if (node === undefined || node.kind === 'scalar' || node.kind === 'alias') return false;
  return (
    !node.flow &&
    !node.tagged &&
    node.anchor === undefined &&
    (node.kind === 'list' || node.entries.every((entry) => !entry.merge))
  );
}

/** Whether a change leaves the line that starts at `offset` of the old text as it is, and a line. */
function isBorder(after: string, change: Change, offset: number): boolean {
  return change.oldEnd <= offset && after[offset + change.newEnd - change.oldEnd - 1] === '\n';
}

function childCount(node: MapNode | ListNode): number {
  return node.kind === 'list' ? node.items.length : node.entries.length;
}

function childStart(node: MapNode | ListNode, index: number): number {
  return (node.kind === 'list' ? node.dashes[index] : node.entries[index]?.keyRange.start) ?? 0;
}

function isWritten(node: MapNode | ListNode, index: number): boolean {
  const key = node.kind === 'map' ? node.entries[index]?.keyRange : undefined;
  return key === undefined || key.end > key.start;
}

/** The last child whose first character stands before `offset`, -1 when there is none. */
function childBefore(node: MapNode | ListNode, offset: number): number {
  let low = -1;
  let high = childCount(node) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (childStart(node, middle) < offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (text[at] !== ' ') return false;
  return true;
}
