import type { TextRange } from '../base/text';

/** A YAML document as nodes with ranges; aliases point to their anchored node. Ranges leave out anchors, tags and trailing comments. */
export type TreeNode = MapNode | ListNode | ScalarNode | AliasNode;

interface NodeBase {
  readonly range: TextRange;
  readonly anchor?: string;
  /** An explicit tag (`!!str`) stands before the node. */
  readonly tagged: boolean;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyRange: TextRange;
  /** `<<`, whose value lends its entries. */
  readonly merge: boolean;
  /** An empty plain scalar where nothing is written. */
  readonly value: TreeNode;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly TreeNode[];
  /** Offsets of the dashes in block style, one for each item. */
  readonly dashes: readonly number[];
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single' | 'double' | 'block';
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** Absent when the anchor does not exist, contains the alias itself or would expand without measure. */
  readonly target?: TreeNode;
}

/** The node behind any chain of aliases. */
export function resolveAlias(node: TreeNode | undefined): Exclude<TreeNode, AliasNode> | undefined {
  let current = node;
  while (current?.kind === 'alias') current = current.target;
  return current;
}

/** The entry that gives `key` its value, or undefined; the last of several wins as in the data. */
export function ownEntry(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.findLast((entry) => !entry.merge && entry.key === key);
}

/** The maps that a map's merge keys point to, strongest first. */
export function mergedMaps(map: MapNode): { readonly entry: MapEntry; readonly map: MapNode }[] {
  return map.entries
    .filter((entry) => entry.merge)
    .flatMap((entry) => {
      const value = resolveAlias(entry.value);
      const nodes = value?.kind === 'list' ? value.items.map(resolveAlias) : [value];
      return nodes.flatMap((node) => (node?.kind === 'map' ? [{ entry, map: node }] : []));
    });
}

/** The merge entry of `map` through which `key` arrives, when it is not written in the map itself. */
export function mergeEntryFor(map: MapNode, key: string): MapEntry | undefined {
  return mergedMaps(map).find((source) => providesKey(source.map, key))?.entry;
}

function providesKey(map: MapNode, key: string): boolean {
  return ownEntry(map, key) !== undefined || mergedMaps(map).some((source) => providesKey(source.map, key));
}

/** The tree as plain data: aliases share one value, merge keys are folded in. `seen` knows the data of maps and lists and learns more. */
export function toData(root: TreeNode | undefined, seen = new Map<TreeNode, unknown>()): unknown {
  const convert = (node: TreeNode | undefined): unknown => {
    const target = resolveAlias(node);
    if (target === undefined) return null;
    if (target.kind === 'scalar') return target.value;
    if (seen.has(target)) return seen.get(target);
    const value = target.kind === 'list' ? target.items.map(convert) : mapData(target);
    seen.set(target, value);
    return value;
  };
  const mapData = (map: MapNode): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    for (const source of mergedMaps(map).reverse()) {
      for (const [key, value] of Object.entries(convert(source.map) as Record<string, unknown>))
        define(result, key, value);
    }
    for (const entry of map.entries) if (!entry.merge) define(result, entry.key, convert(entry.value));
    return result;
  };
  return root === undefined ? undefined : convert(root);
}

/** Plain assignment would let a key named `__proto__` change the object's prototype. */
export function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
