import type { Path } from '../base/path';
import type { TextEdit } from '../base/text';
import type { ClusterDocument } from './clusterDocument';
import { dataAt } from './dataAt';
import { afterColon, guarded, insertInto, removeExtent, replaceNode, type Place, type Target } from './editText';
import { detectStyle } from './layout';
import { treeOf } from './parse';
import { renderKey, type PlainValue } from './render';
import { mergeEntryFor, ownEntry, resolveAlias, toData, type TreeNode } from './tree';

// Minimal edits of a cluster file: everything outside the place that changes stays byte for byte, comments too.
// All functions answer an empty list when the edit cannot be made: the path runs through a plain value, or the edit
// would take away an anchor that is used elsewhere. A value with an anchor changes wherever it is referred to.

function targetOf(document: ClusterDocument): Target {
  const root = treeOf(document);
  return { text: document.text, root, style: detectStyle(root, document.text) };
}

/** Writes `value` at `path`, creating what is missing above it; an index one past the end of a list appends. */
export function setValue(document: ClusterDocument, path: Path, value: PlainValue): TextEdit[] {
  const target = targetOf(document);
  return guarded(target, setIn(target, path, value));
}

/** Adds `value` at the end of the list at `listPath`; a missing list is created, a single value becomes a list. */
export function appendItem(document: ClusterDocument, listPath: Path, value: PlainValue): TextEdit[] {
  const current = dataAt(document.data, listPath);
  if (Array.isArray(current)) return setValue(document, [...listPath, current.length], value);
  if (typeof current === 'object' && current !== null) return [];
  return setValue(
    document,
    listPath,
    current === null || current === undefined ? [value] : [current as PlainValue, value],
  );
}

/** {@link appendItem} for many values, as one edit. */
export function appendItems(
  document: ClusterDocument,
  listPath: Path,
  values: readonly PlainValue[],
): readonly TextEdit[] {
  const current = dataAt(document.data, listPath);
  if (typeof current === 'object' && current !== null && !Array.isArray(current)) return [];
  const present = Array.isArray(current)
    ? (current as PlainValue[])
    : current === null || current === undefined
      ? []
      : [current as PlainValue];
  if (values.length === 0) return [];
  if (!Array.isArray(current) || present.length === 0) return setValue(document, listPath, [...present, ...values]);
  const target = targetOf(document);
  const insertions = insertionsAtOnePlace(values.map((value) => setIn(target, [...listPath, present.length], value)));
  return insertions === undefined ? setValue(document, listPath, [...present, ...values]) : guarded(target, insertions);
}

/** {@link setValue} for many keys that the map at `path` does not have yet, as one edit. */
export function addEntries(
  document: ClusterDocument,
  path: Path,
  entries: Readonly<Record<string, PlainValue>>,
): readonly TextEdit[] {
  const current = dataAt(document.data, path);
  const keys = Object.keys(entries);
  if (keys.length === 0 || (typeof current !== 'object' && current !== undefined) || Array.isArray(current)) return [];
  if (current === undefined || current === null || Object.keys(current).length === 0)
    return setValue(document, path, { ...entries });
  const target = targetOf(document);
  const insertions = insertionsAtOnePlace(keys.map((key) => setIn(target, [...path, key], entries[key] ?? null)));
  return insertions === undefined
    ? setValue(document, path, { ...(current as Record<string, PlainValue>), ...entries })
    : guarded(target, insertions);
}

/** Insertions that follow each other at one place as one; undefined when one of them is more than that. */
function insertionsAtOnePlace(each: readonly (readonly TextEdit[])[]): TextEdit[] | undefined {
  const first = each[0]?.[0]?.range;
  const plain = each.every(
    ([edit, ...others]) =>
      edit !== undefined &&
      others.length === 0 &&
      edit.range.start === edit.range.end &&
      edit.range.start === first?.start,
  );
  return plain && first !== undefined
    ? [{ range: first, newText: each.flatMap((edits) => edits.map(({ newText }) => newText)).join('') }]
    : undefined;
}

/** Removes the map entry or list item at `path` with the comment on its line; a block that gets empty becomes `{}` or `[]`. */
export function removeEntry(document: ClusterDocument, path: Path): TextEdit[] {
  const target = targetOf(document);
  const last = path.at(-1);
  const place = locate(target.root, path.slice(0, -1));
  if (last === undefined || place.rest.length > 0) return [];
  const { node } = place;
  if (node.kind === 'map') {
    const entries = node.entries.filter((entry) => !entry.merge && entry.key === String(last));
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) return [];
    const extents = node.entries.map((e) => ({
      start: e.keyRange.start,
      end: Math.max(afterColon(target.text, e), e.value.range.end),
    }));
    return guarded(target, removeExtent(target, node, extents, node.entries.indexOf(entry)));
  }
  if (node.kind === 'list' && typeof last === 'number' && node.items[last] !== undefined) {
    return guarded(
      target,
      removeExtent(
        target,
        node,
        node.items.map((item, index) => ({ start: node.dashes[index] ?? item.range.start, end: item.range.end })),
        last,
      ),
    );
  }
  return [];
}

/** Renames the key at `path`; empty when its block has the new key already. */
export function renameKey(document: ClusterDocument, path: Path, newKey: string): TextEdit[] {
  const place = locate(treeOf(document), path.slice(0, -1));
  if (place.rest.length > 0 || place.node.kind !== 'map') return [];
  const entry = ownEntry(place.node, String(path.at(-1)));
  if (entry === undefined || ownEntry(place.node, newKey) !== undefined) return [];
  return [{ range: entry.keyRange, newText: renderKey(newKey, place.node.flow) }];
}

const NOTHING: TreeNode = { kind: 'scalar', range: { start: 0, end: 0 }, tagged: false, value: null, style: 'plain' };

function locate(root: TreeNode | undefined, path: Path): Place {
  let place: Place = { node: root ?? NOTHING, path: [], rest: path };
  for (const [index, step] of path.entries()) {
    const { node } = place;
    const entry = node.kind === 'map' ? ownEntry(node, String(step)) : undefined;
    const item = node.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined;
    const next = entry?.value ?? item;
    if (next === undefined || (node.kind !== 'map' && node.kind !== 'list')) break;
    place = {
      node: next,
      parent: node,
      path: path.slice(0, index + 1),
      rest: path.slice(index + 1),
      ...(entry === undefined ? {} : { entry }),
    };
  }
  return place;
}

function setIn(target: Target, path: Path, value: PlainValue): TextEdit[] {
  const place = locate(target.root, path);
  const { node, rest } = place;
  const [step, ...below] = rest;
  if (step === undefined) return replaceNode(target, place, value);
  if (node.kind === 'alias') {
    const copy = changed(toData(resolveAlias(node)) as PlainValue, rest, value);
    return copy === undefined ? [] : replaceNode(target, place, copy);
  }
  if (node.kind === 'scalar') {
    const created = node.value === null ? changed(null, rest, value) : undefined;
    return created === undefined ? [] : replaceNode(target, place, created);
  }
  const inherited =
    node.kind === 'map' && mergeEntryFor(node, String(step)) !== undefined
      ? (toData(node) as Record<string, PlainValue>)[String(step)]
      : undefined;
  const inserted = changed(inherited ?? null, below, value);
  if (inserted === undefined) return [];
  if (node.kind === 'map') return insertInto(target, place, node, { key: String(step), value: inserted });
  return step === node.items.length ? insertInto(target, place, node, { value: inserted }) : [];
}

/** A copy of `data` with `value` at `path`; undefined when the path runs through a plain value or past a list's end. */
function changed(data: PlainValue, path: Path, value: PlainValue): PlainValue | undefined {
  const [step, ...below] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = data === null ? [] : data;
    if (!Array.isArray(list) || step > list.length) return undefined;
    const item = changed((list as PlainValue[])[step] ?? null, below, value);
    return item === undefined ? undefined : Object.assign([...(list as PlainValue[])], { [step]: item });
  }
  const map = data === null ? {} : data;
  if (typeof map !== 'object' || Array.isArray(map)) return undefined;
  const item = changed((map as Record<string, PlainValue>)[step] ?? null, below, value);
  return item === undefined ? undefined : { ...map, [step]: item };
}
