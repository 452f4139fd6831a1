import { say } from '../base/say';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { treeOf } from '../document/parse';
import {
  resolveAlias,
  type ListNode,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type TreeNode,
} from '../document/tree';
import { shownValue } from './shownValue';

export interface DocumentSymbol {
  readonly name: string;
  /** Value or address shown beside the name; for blocks what they hold. */
  readonly detail: string;
  readonly kind: 'block' | 'list' | 'host' | 'value';
  readonly range: TextRange;
  readonly selectionRange: TextRange;
  readonly children: readonly DocumentSymbol[];
}

const LONGEST_DETAIL = 80;

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
    detail: detailOf(entry.key, value),
    kind: value.kind === 'map' ? 'block' : value.kind === 'list' ? 'list' : 'value',
    range: { start: entry.keyRange.start, end: Math.max(entry.keyRange.end, value.range.end) },
    selectionRange: entry.keyRange,
    children: value.kind === 'map' ? mapSymbols(value) : value.kind === 'list' ? value.items.flatMap(itemSymbol) : [],
  };
}

function detailOf(key: string, value: TreeNode): string {
  if (value.kind === 'scalar') return scalarText(key, value) ?? '';
  if (value.kind === 'list') return listDetail(key, value);
  if (value.kind === 'alias') return `*${value.name}`;
  return '';
}

/** The values of a short list; of a list of hosts how many entries there are. */
function listDetail(key: string, list: ListNode): string {
  const texts: string[] = [];
  let length = 0;
  for (const item of list.items) {
    if (item.kind === 'map' || item.kind === 'list' || item.kind === 'alias')
      return list.items.length === 1 ? say`1 entry` : say`${list.items.length} entries`;
    const text = scalarText(key, item);
    if (text === undefined) return '';
    texts.push(text);
    length += text.length + 2;
    if (length > LONGEST_DETAIL) break;
  }
  return cut(texts.join(', '));
}

function scalarText(key: string, { value }: ScalarNode): string | undefined {
  const shown = value === null ? undefined : shownValue(key, String(value));
  return shown === undefined ? undefined : cut(shown.split('\n')[0] ?? '');
}

/** Only hosts get a line of their own; single values of a list would be noise. */
function itemSymbol(item: TreeNode): DocumentSymbol[] {
  const map = resolveAlias(item);
  if (map?.kind !== 'map') return [];
  const host = textOf(map, 'host');
  const name = textOf(map, 'name') ?? host;
  if (name === undefined) return [];
  const zone = textOf(map, 'zone');
  const detail = [...(host === undefined || host === name ? [] : [host]), ...(zone === undefined ? [] : [zone])].join(
    ' · ',
  );
  return [
    {
      name,
      detail,
      kind: 'host',
      range: item.range,
      selectionRange: firstLineOf(item, map),
      children: item.kind === 'map' ? mapSymbols(item) : [],
    },
  ];
}

/** Editors want the selection inside the whole range. */
function firstLineOf(item: TreeNode, map: MapNode): TextRange {
  const first = item.kind === 'map' ? map.entries[0] : undefined;
  return first === undefined
    ? item.range
    : {
        start: first.keyRange.start,
        end: Math.max(first.keyRange.end, first.value.kind === 'scalar' ? first.value.range.end : 0),
      };
}

function textOf(map: MapNode, key: string): string | undefined {
  const value = resolveAlias(map.entries.find((entry) => entry.key === key)?.value);
  return value?.kind === 'scalar' && value.value !== null && value.value !== '' ? String(value.value) : undefined;
}

function cut(text: string): string {
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL - 1)}…` : text;
}
