import type { Path } from '../base/path';
import type { TextEdit, TextRange } from '../base/text';
import { columnOf, lineEnd, lineStart, nextLine, skipBlank } from './layout';
import {
  isBlock,
  renderAfterDash,
  renderAfterKey,
  renderBlock,
  renderFlow,
  renderKey,
  renderScalar,
  type PlainValue,
  type RenderStyle,
} from './render';
import type { ListNode, MapEntry, MapNode, TreeNode } from './tree';

/** A file to edit, with what edits need to know about it. */
export interface Target {
  readonly text: string;
  readonly root: TreeNode | undefined;
  readonly style: RenderStyle;
}

/** A node of the file with its surroundings. */
export interface Place {
  /** Deepest node on the way that is written in the file. */
  readonly node: TreeNode;
  /** The map entry whose value `node` is, absent for list items and the root. */
  readonly entry?: MapEntry;
  readonly parent?: MapNode | ListNode;
  readonly path: Path;
  /** Steps that are not written below `node`. */
  readonly rest: Path;
}

/** Puts `value` in the place of a node, on one line or as a block as it fits there. */
export function replaceNode(target: Target, place: Place, value: PlainValue): TextEdit[] {
  const { text, style } = target;
  const { node, parent, entry } = place;
  if (node.tagged) return [];
  if (parent === undefined) return replaceRoot(target, value);
  if (parent.flow)
    return [
      replaceSpaced(text, node.range, node.kind === 'scalar' ? flowScalar(value, node.style) : renderFlow(value)),
    ];
  if (!isBlock(value)) {
    const quotes = node.kind === 'scalar' ? node.style : 'plain';
    const written =
      typeof value === 'object' && value !== null ? renderFlow(value) : renderScalar(value, false, quotes);
    return onOneLine(text, node, entry, written);
  }
  if (entry === undefined) {
    if (isEmpty(node))
      return toBlock(
        target,
        node.range,
        style.eol +
          ' '.repeat(columnOf(text, node.range.start) + 1) +
          renderBlock(value, columnOf(text, node.range.start) + 1, style),
      );
    return [replaceSpaced(text, node.range, renderBlock(value, columnOf(text, node.range.start), style))];
  }
  if (
    (node.kind === 'map' || node.kind === 'list') &&
    !node.flow &&
    lineStart(text, node.range.start) > entry.keyRange.start
  ) {
    const column = columnOf(text, node.range.start);
    const least = columnOf(text, entry.keyRange.start) + (Array.isArray(value) ? 0 : 1);
    const shift = Math.max(0, least - column);
    return [replaceSpaced(text, node.range, ' '.repeat(shift) + renderBlock(value, column + shift, style))];
  }
  return toBlock(target, node.range, renderAfterKey(value, columnOf(text, entry.keyRange.start), style));
}

function flowScalar(value: PlainValue, quotes: 'plain' | 'single' | 'double' | 'block'): string {
  return typeof value === 'object' && value !== null ? renderFlow(value) : renderScalar(value, true, quotes);
}

/** Takes the old value off its line and writes the block below it, after a comment that may stand there. */
function toBlock(target: Target, old: TextRange, block: string): TextEdit[] {
  const { text } = target;
  const end = lineEnd(text, old.end);
  const spaces = text.slice(0, old.start).match(/[ ]*$/)?.[0].length ?? 0;
  const onlyValue = text.slice(old.end, end).trim() === '';
  if (onlyValue) return [{ range: { start: old.start - spaces, end }, newText: block }];
  return [
    { range: { start: old.start - (old.start === old.end ? 0 : spaces), end: old.end }, newText: '' },
    { range: { start: end, end }, newText: block },
  ];
}

/** Writes a one-line value; where a block stood below its key, the value goes behind the colon and the block's lines go. */
function onOneLine(text: string, node: TreeNode, entry: MapEntry | undefined, written: string): TextEdit[] {
  const { start, end } = node.range;
  if (entry === undefined || lineStart(text, start) <= entry.keyRange.start)
    return [replaceSpaced(text, node.range, written)];
  const colon = afterColon(text, entry);
  const rest = text.slice(end, lineEnd(text, end));
  return [
    replaceSpaced(text, { start: colon, end: colon }, written),
    { range: rest.trim() === '' ? wholeLines(text, lineStart(text, start), end) : node.range, newText: '' },
  ];
}

/** The edit that writes `written` with the space that YAML needs after a colon or dash and before a comment. */
export function replaceSpaced(text: string, range: TextRange, written: string): TextEdit {
  const before = /[:?-]/.test(text.charAt(range.start - 1)) ? ' ' : '';
  const after = text[range.end] === '#' ? ' ' : '';
  return { range, newText: before + written + after };
}

function isEmpty(node: TreeNode): boolean {
  return node.range.start === node.range.end;
}

function replaceRoot(target: Target, value: PlainValue): TextEdit[] {
  const { text, root, style } = target;
  const written = renderBlock(value, 0, style);
  if (root !== undefined && !isEmpty(root)) return [{ range: root.range, newText: written }];
  const at = text.search(/^(?:\.\.\.)(?=\s|$)/m);
  const end = at < 0 ? text.length : at;
  const gap = end === 0 || text[end - 1] === '\n' || (end === 1 && text.charCodeAt(0) === 0xfeff) ? '' : style.eol;
  return [{ range: { start: end, end }, newText: gap + written + style.eol }];
}

/** Adds an entry (`key` given) or an item at the end of a map or list. */
export function insertInto(
  target: Target,
  place: Place,
  node: MapNode | ListNode,
  added: { readonly key?: string; readonly value: PlainValue },
): TextEdit[] {
  const { text, style } = target;
  const count = node.kind === 'map' ? node.entries.length : node.items.length;
  if (count === 0 && place.parent?.flow !== true) {
    const whole: PlainValue = added.key === undefined ? [added.value] : { [added.key]: added.value };
    return replaceNode(target, place, whole);
  }
  const last = lastExtent(text, node);
  if (node.flow) {
    const written =
      added.key === undefined ? renderFlow(added.value) : `${renderKey(added.key, true)}: ${renderFlow(added.value)}`;
    const at = last?.end ?? node.range.start + 1;
    const gap = text[at - 1] === ':' ? ' ' : '';
    return [{ range: { start: at, end: at }, newText: last === undefined ? written : `${gap}, ${written}` }];
  }
  // The first entry may stand behind a dash or a byte order mark, so the last one shows the column.
  const start = node.kind === 'map' ? node.entries.at(-1)?.keyRange.start : node.dashes.at(-1);
  const column = columnOf(text, start ?? node.range.start);
  const at = lineEnd(text, last?.end ?? node.range.end);
  const entry =
    added.key === undefined
      ? `-${renderAfterDash(added.value, column, style)}`
      : `${renderKey(added.key, false)}:${renderAfterKey(added.value, column, style)}`;
  return [{ range: { start: at, end: at }, newText: style.eol + ' '.repeat(column) + entry }];
}

function lastExtent(text: string, node: MapNode | ListNode): TextRange | undefined {
  if (node.kind === 'list') return node.items.at(-1)?.range;
  const entry = node.entries.at(-1);
  return entry && { start: entry.keyRange.start, end: Math.max(afterColon(text, entry), entry.value.range.end) };
}

/** The offset behind an entry's colon, or the end of the key when it has none. */
export function afterColon(text: string, entry: MapEntry): number {
  const at = skipBlank(text, entry.keyRange.end);
  return text[at] === ':' && (isEmpty(entry.value) || at < entry.value.range.start) ? at + 1 : entry.keyRange.end;
}

/** Removes the entry or item that takes `extents[index]`. */
export function removeExtent(
  target: Target,
  node: MapNode | ListNode,
  extents: readonly TextRange[],
  index: number,
): TextEdit[] {
  const { text, root } = target;
  const extent = extents[index];
  if (extent === undefined) return [];
  if (node.flow) return removeFromFlow(text, node, extents, index);
  if (extents.length === 1) {
    const empty = node.kind === 'map' ? '{}' : '[]';
    const entry = node === root ? undefined : entryOf(root, node);
    return onOneLine(text, node, entry, empty);
  }
  const start = lineStart(text, extent.start);
  const ownLine = text.slice(start, extent.start).trim() === '';
  if (ownLine) return [{ range: wholeLines(text, start, extent.end), newText: '' }];
  // The first entry shares its line with a dash: the next one takes its place, comments between them stay.
  const next = extents[index + 1];
  if (next !== undefined && text.slice(extent.end, next.start).trim() === '')
    return [{ range: { start: extent.start, end: next.start }, newText: '' }];
  return [{ range: { start: extent.start, end: lineEnd(text, extent.end) }, newText: '' }];
}

/** Whole lines from `start`; the last line of the file takes the line break before it along instead of its own. */
function wholeLines(text: string, start: number, end: number): TextRange {
  const stop = nextLine(text, end);
  const atEnd = stop === text.length && text[stop - 1] !== '\n';
  if (!atEnd || start === 0) return { start, end: stop };
  return { start: start - (text[start - 2] === '\r' ? 2 : 1), end: stop };
}

function removeFromFlow(
  text: string,
  node: MapNode | ListNode,
  extents: readonly TextRange[],
  index: number,
): TextEdit[] {
  const extent = extents[index] ?? node.range;
  const comma = skipBlank(text, extent.end);
  if (text[comma] === ',') {
    const spaces = text.slice(comma + 1).match(/^ */)?.[0].length ?? 0;
    const followed = index < extents.length - 1;
    if (comma === extent.end)
      return [{ range: { start: extent.start, end: comma + 1 + (followed ? spaces : 0) }, newText: '' }];
    return [
      { range: extent, newText: '' },
      { range: { start: comma, end: comma + 1 }, newText: '' },
    ];
  }
  const previous = extents[index - 1];
  const between = previous === undefined ? '' : text.slice(previous.end, extent.start);
  const plainGap = previous !== undefined && /^[\s,]*$/.test(between);
  return [{ range: { start: plainGap ? previous.end : extent.start, end: extent.end }, newText: '' }];
}

function entryOf(root: TreeNode | undefined, wanted: TreeNode): MapEntry | undefined {
  if (root?.kind === 'list')
    return root.items.map((item) => entryOf(item, wanted)).find((entry) => entry !== undefined);
  if (root?.kind !== 'map') return undefined;
  return (
    root.entries.find((entry) => entry.value === wanted) ??
    root.entries.map((entry) => entryOf(entry.value, wanted)).find((entry) => entry !== undefined)
  );
}

/** Drops edits that would leave a reference (*name) without its anchor. */
export function guarded(target: Target, edits: TextEdit[]): TextEdit[] {
  const inside = (range: TextRange): boolean =>
    edits.some((edit) => edit.range.start < range.end && range.start < edit.range.end);
  const lost = new Set<string>();
  const used = new Set<string>();
  const visit = (node: TreeNode): void => {
    const gone = inside(node.range);
    if (
      node.anchor !== undefined &&
      gone &&
      edits.some(
        (edit) =>
          edit.range.start <= node.range.start &&
          node.range.end <= edit.range.end &&
          coversAnchor(target.text, edit, node),
      )
    )
      lost.add(node.anchor);
    if (node.kind === 'alias' && !gone) used.add(node.name);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') node.entries.forEach((entry) => visit(entry.value));
  };
  if (target.root !== undefined) visit(target.root);
  return [...lost].some((name) => used.has(name)) ? [] : edits;
}

/** Whether the edit also takes `&name` away; a replaced value keeps its anchor. */
function coversAnchor(text: string, edit: TextEdit, node: TreeNode): boolean {
  return text.lastIndexOf(`&${node.anchor ?? ''}`, node.range.start) >= edit.range.start;
}
