import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { treeOf } from '../document/parse';
import { resolveAlias, type MapEntry, type MapNode, type TreeNode } from '../document/tree';

export interface DocumentSymbol {
  readonly name: string;
  /** Value or address shown beside the name. */
  readonly detail: string;
  readonly kind: 'block' | 'list' | 'host' | 'value';
  readonly range: TextRange;
  readonly selectionRange: TextRange;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of the file: its blocks, and hosts under their names. Values of secrets are left out. */
export function documentSymbols(document: ClusterDocument): DocumentSymbol[] {
  const root = treeOf(document);
  return root?.kind === 'map' ? mapSymbols(root) : [];
}

function mapSymbols(map: MapNode): DocumentSymbol[] {
  return map.entries.filter((entry) => !entry.merge && entry.key !== '').map(entrySymbol);
}

function entrySymbol(entry: MapEntry): DocumentSymbol {
  const { value } = entry;
  return {
    name: entry.key,
    detail: value.kind === 'scalar' && value.value !== null && !/token|password|passphrase|secret|-key$|vpn-auth|endpoint/i.test(entry.key) ? firstLine(String(value.value)) : '',
    kind: value.kind === 'map' ? 'block' : value.kind === 'list' ? 'list' : 'value',
    range: { start: entry.keyRange.start, end: Math.max(entry.keyRange.end, value.range.end) },
    selectionRange: entry.keyRange,
    children: value.kind === 'map' ? mapSymbols(value) : value.kind === 'list' ? value.items.flatMap(itemSymbol) : [],
  };
}

/** Only hosts get a line of their own; single values of a list would be noise. */
function itemSymbol(item: TreeNode): DocumentSymbol[] {
  const map = resolveAlias(item);
  if (map?.kind !== 'map') return [];
  const host = textOf(map, 'host');
  const name = textOf(map, 'name') ?? host;
  if (name === undefined) return [];
  return [{ name, detail: host === name ? '' : (host ?? ''), kind: 'host', range: item.range, selectionRange: firstLineOf(item, map), children: item.kind === 'map' ? mapSymbols(item) : [] }];
}

/** Editors want the selection inside the whole range. */
function firstLineOf(item: TreeNode, map: MapNode): TextRange {
  const first = item.kind === 'map' ? map.entries[0] : undefined;
  return first === undefined ? item.range : { start: first.keyRange.start, end: Math.max(first.keyRange.end, first.value.kind === 'scalar' ? first.value.range.end : 0) };
}

function textOf(map: MapNode, key: string): string | undefined {
  const value = resolveAlias(map.entries.find((entry) => entry.key === key)?.value);
  return value?.kind === 'scalar' && value.value !== null && value.value !== '' ? String(value.value) : undefined;
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 80) ?? '';
}
