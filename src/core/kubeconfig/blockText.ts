import type { Fields } from './fields';
import { isPlainKey, readScalar } from './plainScalar';

/** For each top-level list the offsets where its items begin, and last the offset where the list ends. */
export type ListPlaces = ReadonlyMap<string, readonly number[]>;

interface BlockText {
  readonly data: Fields;
  readonly lists: ListPlaces;
}

/** Deeper than anything in a kubeconfig; what is deeper is left to the YAML library. */
const MAX_DEPTH = 20;

/**
 * Reads YAML as kubectl writes it: block maps and lists, indented by spaces, each value on one line; no comments, blank
 * lines, anchors, tags or folded texts. Gives undefined for anything else, which the YAML library then has to read. It
 * takes a hundredth of the library's time, and a kubeconfig may hold thousands of clusters.
 */
export function readBlockText(text: string): BlockText | undefined {
  if (!text.endsWith('\n')) return undefined;
  const lists = new Map<string, readonly number[]>();
  /** Thousands of entries have few different keys: each is judged once, and one string serves for all. */
  const keys = new Map<string, string>();
  let start = 0;
  let end = -1;
  /** Offset of the content of the line; behind the dash for the first key of an item. */
  let at = 0;
  /** Column of the content, -1 behind the last line. */
  let indent = -1;

  const advance = (): void => {
    start = end + 1;
    end = text.indexOf('\n', start);
    at = start;
    while (text.charCodeAt(at) === SPACE) at++;
    indent = end === -1 ? -1 : at - start;
  };
  const isItem = (): boolean => text.charCodeAt(at) === DASH && text.charCodeAt(at + 1) === SPACE;

  /** The key in front of the colon; undefined when it is not written plainly. */
  const keyBefore = (colon: number): string | undefined => {
    if (colon === -1 || colon > end) return undefined;
    const key = text.slice(at, colon);
    if (!keys.has(key) && isPlainKey(key)) keys.set(key, key);
    return keys.get(key);
  };

  const readMap = (column: number, depth: number): Record<string, unknown> | undefined => {
    const map: Record<string, unknown> = {};
    do {
      const colon = text.indexOf(':', at);
      const key = keyBefore(colon);
      // What every object has, such as "constructor", is left to the library, too.
      if (key === undefined || map[key] !== undefined) return undefined;
      const value = readValue(colon, column, depth, depth === 0 ? key : undefined);
      if (value === undefined) return undefined;
      map[key] = value;
    } while (indent === column && !isItem());
    return map;
  };

  const readValue = (colon: number, column: number, depth: number, list: string | undefined): unknown => {
    if (colon + 1 < end) {
      const value = text.charCodeAt(colon + 1) === SPACE ? readScalar(text.slice(colon + 2, end)) : undefined;
      advance();
      // A deeper line would go on with the text of this one.
      return indent > column ? undefined : value;
    }
    advance();
    if (indent < column || (indent === column && !isItem())) return null;
    return isItem() ? readList(indent, column, depth + 1, list) : readNested(column, depth + 1);
  };

  const readNested = (column: number, depth: number): unknown => {
    if (depth > MAX_DEPTH) return undefined;
    const map = readMap(indent, depth);
    return indent > column ? undefined : map;
  };

  const readList = (column: number, parent: number, depth: number, name: string | undefined): unknown => {
    if (depth > MAX_DEPTH) return undefined;
    const items: unknown[] = [];
    const offsets: number[] = [];
    while (indent === column && isItem()) {
      offsets.push(start);
      at += 2;
      const item = readItem(column, depth);
      if (item === undefined) return undefined;
      items.push(item);
    }
    if (name !== undefined) lists.set(name, [...offsets, indent === -1 ? text.length : start]);
    return indent > parent ? undefined : items;
  };

  const readItem = (column: number, depth: number): unknown => {
    const colon = text.indexOf(':', at);
    const follows = colon + 1 === end || text.charCodeAt(colon + 1) === SPACE;
    if (follows && keyBefore(colon) !== undefined) {
      indent = column + 2;
      const map = readMap(column + 2, depth + 1);
      return indent > column ? undefined : map;
    }
    const value = isItem() ? undefined : readScalar(text.slice(at, end));
    advance();
    return indent > column ? undefined : value;
  };

  advance();
  const data = indent === 0 ? readMap(0, 0) : undefined;
  return data === undefined || indent !== -1 ? undefined : { data, lists };
}

const [SPACE, DASH] = [32, 45];
