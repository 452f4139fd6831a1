import type { Reading } from './reading';
import type { Level, Site } from './changeSite';
import type { Piece } from './readPiece';
import { shiftEntry, shiftNode, type Moved } from './shift';
import { define, toData, type ListNode, type MapEntry, type MapNode, type TreeNode } from './tree';

interface Replaced {
  readonly root: TreeNode;
  readonly data: unknown;
}

/**
 * The tree and the data with other children at `site`; what follows them moves by `by` characters. Data that has not
 * changed is the same object. Undefined when keys of the block clash.
 */
export function replaceChildren(
  before: Reading,
  site: Site,
  { node: children, lead }: Piece,
  by: number,
  moved: Moved,
): Replaced | undefined {
  if (site.above.some(isRepeatedKey)) return undefined;
  const datas = [before.data];
  for (const level of site.above) datas.push(childData(level, datas.at(-1)));
  const added = shiftNode(children, site.start - lead, moved) as MapNode | ListNode;
  let result = spliceChildren(before, site, added, datas.at(-1), by, moved);
  for (let depth = site.above.length - 1; depth >= 0 && result !== undefined; depth -= 1) {
    const level = site.above[depth];
    if (level !== undefined) result = replaceChild(level, result, datas[depth], by, moved);
  }
  return result;
}

function childData({ node, index }: Level, data: unknown): unknown {
  return node.kind === 'list'
    ? (data as unknown[])[index]
    : (data as Record<string, unknown>)[node.entries[index]?.key ?? ''];
}

/** Only the last of several equal keys counts, so the data does not tell what the others hold. */
function isRepeatedKey({ node, index }: Level): boolean {
  return (
    node.kind === 'map' &&
    node.entries.some((entry, other) => other !== index && entry.key === node.entries[index]?.key)
  );
}

function spliceChildren(
  before: Reading,
  { node, first, last }: Site,
  added: MapNode | ListNode,
  data: unknown,
  by: number,
  moved: Moved,
): Replaced | undefined {
  // Aliases in the new children refer to what stands above them, whose data is known.
  const addedData = toData(added, new Map(before.shared));
  if (node.kind === 'list' && added.kind === 'list') {
    const items = [...node.items.slice(0, first), ...added.items, ...shiftAll(node.items.slice(last + 1), by, moved)];
    const dashes = [
      ...node.dashes.slice(0, first),
      ...added.dashes,
      ...node.dashes.slice(last + 1).map((dash) => dash + by),
    ];
    const old = data as readonly unknown[];
    return {
      root: withItems(node, items, dashes),
      data: [...old.slice(0, first), ...(addedData as unknown[]), ...old.slice(last + 1)],
    };
  }
  if (node.kind === 'map' && added.kind === 'map') {
    const rest = [...node.entries.slice(0, first), ...node.entries.slice(last + 1)];
    const keys = new Set(rest.map(({ key }) => key));
    if ([...node.entries.slice(first, last + 1), ...added.entries].some((entry) => entry.merge || keys.has(entry.key)))
      return undefined;
    const entries = [
      ...node.entries.slice(0, first),
      ...added.entries,
      ...shiftEntries(node.entries.slice(last + 1), by, moved),
    ];
    const values: Record<string, unknown> = {};
    for (const { key } of entries)
      define(
        values,
        key,
        (keys.has(key) ? (data as Record<string, unknown>) : (addedData as Record<string, unknown>))[key],
      );
    return { root: withEntries(node, entries), data: values };
  }
  return undefined;
}

function replaceChild({ node, index }: Level, child: Replaced, data: unknown, by: number, moved: Moved): Replaced {
  if (node.kind === 'list') {
    const items = [...node.items.slice(0, index), child.root, ...shiftAll(node.items.slice(index + 1), by, moved)];
    const dashes = node.dashes.map((dash, i) => (i > index ? dash + by : dash));
    return {
      root: withItems(node, items, dashes),
      data: (data as readonly unknown[]).map((item, i) => (i === index ? child.data : item)),
    };
  }
  const entries = node.entries.flatMap((entry, i) =>
    i < index ? [entry] : i === index ? [{ ...entry, value: child.root }] : shiftEntries([entry], by, moved),
  );
  const values: Record<string, unknown> = {};
  for (const [i, { key }] of entries.entries())
    define(values, key, i === index ? child.data : (data as Record<string, unknown>)[key]);
  return { root: withEntries(node, entries), data: values };
}

function shiftAll(nodes: readonly TreeNode[], by: number, moved: Moved): readonly TreeNode[] {
  return by === 0 ? nodes : nodes.map((node) => shiftNode(node, by, moved));
}

function shiftEntries(entries: readonly MapEntry[], by: number, moved: Moved): readonly MapEntry[] {
  return by === 0 ? entries : entries.map((entry) => shiftEntry(entry, by, moved));
}

/** A block ends with its last child. */
function withItems(node: ListNode, items: readonly TreeNode[], dashes: readonly number[]): ListNode {
  return {
    ...node,
    items,
    dashes,
    range: { start: node.range.start, end: Math.max(node.range.start, items.at(-1)?.range.end ?? 0) },
  };
}

function withEntries(node: MapNode, entries: readonly MapEntry[]): MapNode {
  const last = entries.at(-1);
  return {
    ...node,
    entries,
    range: {
      start: node.range.start,
      end: Math.max(node.range.start, last?.keyRange.end ?? 0, last?.value.range.end ?? 0),
    },
  };
}
