import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { lineEnd, lineStart, nextLine } from '../document/layout';
import { treeOf } from '../document/parse';
import type { TreeNode } from '../document/tree';

export interface FoldingRange {
  /** From the line that stays to the end of the last line that folds. */
  readonly range: TextRange;
  readonly kind: 'block' | 'comment';
}

/** What can be folded: blocks and lists, entries of a list, values over several lines, runs of whole-line comments. */
export function foldingRanges(document: ClusterDocument): FoldingRange[] {
  const { text } = document;
  const found = new Map<number, TextRange>();
  /** One fold for each line: the one that reaches furthest. */
  const add = (start: number, end: number): void => {
    const line = lineStart(text, start);
    if (end <= lineEnd(text, start) || (found.get(line)?.end ?? 0) >= end) return;
    found.set(line, { start: line, end: lineEnd(text, end) });
  };
  const visit = (node: TreeNode): void => {
    if (node.kind === 'map')
      for (const entry of node.entries) {
        add(entry.keyRange.start, entry.value.range.end);
        visit(entry.value);
      }
    if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) {
        add(node.dashes[index] ?? item.range.start, item.range.end);
        visit(item);
      }
  };
  const root = treeOf(document);
  if (root !== undefined) visit(root);
  const folds = [...found.values()].map((range) => ({ range, kind: 'block' as const }));
  return [...folds, ...commentFolds(document)].sort((a, b) => a.range.start - b.range.start);
}

const COMMENT_LINES = /^[ \t]*#[^\n]*(?:\n[ \t]*#[^\n]*)+/gm;

function commentFolds(document: ClusterDocument): FoldingRange[] {
  return [...document.text.matchAll(COMMENT_LINES)].flatMap((match) => {
    const start = match.index;
    const end = start + match[0].trimEnd().length;
    const at = document.pathAt(start + match[0].indexOf('#'));
    const value = at === undefined ? undefined : document.rangeOf(at.path, at.part);
    // Lines with a hash sign inside a block of text are text.
    const isText =
      value !== undefined &&
      value.start < start &&
      value.end >= end &&
      document.text.slice(value.start, value.start + 1).match(/[|>"']/) !== null;
    return isText ? [] : [{ range: { start, end }, kind: 'comment' as const }];
  });
}

/** What "expand selection" takes step by step: word, value, entry, block … file; each range is wider than the one before. */
export function selectionRanges(document: ClusterDocument, offset: number): TextRange[] {
  const { text } = document;
  const around = (range: TextRange): boolean => range.start <= offset && offset <= range.end;
  const ranges: TextRange[] = [{ start: 0, end: text.length }];
  let node = treeOf(document);
  while (node !== undefined && around(node.range)) {
    if (
      node.kind === 'scalar' &&
      node.style !== 'plain' &&
      node.style !== 'block' &&
      node.range.end - node.range.start > 2
    )
      ranges.push(node.range, { start: node.range.start + 1, end: node.range.end - 1 });
    else if (node.kind !== 'map' && node.kind !== 'list') ranges.push(node.range);
    else
      ranges.push(
        node.range,
        ...(node.flow ? [{ start: node.range.start + 1, end: node.range.end - 1 }] : [wholeLines(text, node.range)]),
      );
    node = childAt(node, around, ranges);
  }
  const word = wordAt(text, offset);
  if (word !== undefined) ranges.push(word);
  return nested(ranges);
}

/** The entry or item under the cursor is a step of its own, with the dash of the item. */
function childAt(node: TreeNode, around: (range: TextRange) => boolean, ranges: TextRange[]): TreeNode | undefined {
  if (node.kind === 'map') {
    for (const { keyRange, value } of node.entries) {
      const whole = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
      if (!around(whole)) continue;
      ranges.push(whole);
      if (!around(keyRange)) return value;
      ranges.push(keyRange);
      return undefined;
    }
  }
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const whole = { start: node.dashes[index] ?? item.range.start, end: item.range.end };
      if (!around(whole)) continue;
      ranges.push(whole);
      return item;
    }
  }
  return undefined;
}

/** A block as lines, so that it can be moved as a whole; only where nothing else stands on its first line. */
function wholeLines(text: string, range: TextRange): TextRange {
  const start = lineStart(text, range.start);
  return text.slice(start, range.start).trim() === '' ? { start, end: nextLine(text, range.end) } : range;
}

function wordAt(text: string, offset: number): TextRange | undefined {
  const before = /[\w.-]*$/.exec(text.slice(lineStart(text, offset), offset))?.[0].length ?? 0;
  const after = /^[\w.-]*/.exec(text.slice(offset, lineEnd(text, offset)))?.[0].length ?? 0;
  return before + after === 0 ? undefined : { start: offset - before, end: offset + after };
}

/** From the innermost to the widest, without ranges that do not lie within the next one. */
function nested(ranges: readonly TextRange[]): TextRange[] {
  const bySize = [...ranges].sort((a, b) => a.end - a.start - (b.end - b.start));
  const result: TextRange[] = [];
  for (const range of bySize) {
    const last = result.at(-1);
    const wider =
      last === undefined ||
      (range.start <= last.start && range.end >= last.end && range.end - range.start > last.end - last.start);
    if (wider) result.push({ start: range.start, end: range.end });
  }
  return result;
}
