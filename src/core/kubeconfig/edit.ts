import type { Document, Node, YAMLMap } from 'yaml';
import { isMap, isScalar, isSeq, YAMLMap as NewMap, YAMLSeq } from 'yaml';
import type { Fields } from './fields';
import type { ListName } from './kubeconfigText';
import { quoteForKubectl, scalarType } from './quoting';

/** Makes the root map of an empty file. */
export function addFirst(document: Document): YAMLMap {
  const root = new NewMap();
  root.set('apiVersion', 'v1');
  root.set('kind', 'Config');
  // A file of comments only: they stay at its top.
  if (document.comment !== null) {
    document.commentBefore = [document.commentBefore, document.comment].filter((c) => typeof c === 'string').join('\n');
    document.comment = null;
  }
  document.contents = root as unknown as Document['contents'];
  return root;
}

/** Puts one named entry into a list: changes the values that differ, or appends the entry. */
export function putEntry(
  document: Document,
  root: YAMLMap,
  list: ListName,
  bodyKey: string,
  name: string,
  body: Fields,
): void {
  const items = listNode(root, list);
  const entry = items.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
  if (entry === undefined) {
    items.add(newNode(document, { name, [bodyKey]: body }, items.flow === true));
    return;
  }
  const old = entry.get(bodyKey, true) as unknown;
  if (isMap(old)) putFields(document, old, body);
  else entry.set(bodyKey, newNode(document, body, entry.flow === true));
}

/** Writes the selection; an empty one keeps its place in the file. */
export function setCurrentContext(document: Document, root: YAMLMap, name: string): void {
  putField(document, root, 'current-context', name);
}

function listNode(root: YAMLMap, list: ListName): YAMLSeq {
  const old = root.get(list, true) as unknown;
  if (isSeq(old)) {
    if (old.items.length === 0) old.flow = root.flow === true;
    return old;
  }
  const made = new YAMLSeq();
  if (isScalar(old) && old.comment) made.commentBefore = old.comment;
  made.flow = root.flow === true;
  root.set(list, made);
  return made;
}

function putFields(document: Document, map: YAMLMap, fields: Fields): void {
  const gone = map.items
    .map(({ key }) => (isScalar(key) ? key.value : key))
    .filter((key) => typeof key === 'string' && key !== '<<' && !(key in fields));
  for (const key of gone) map.delete(key);
  for (const [key, value] of Object.entries(fields)) putField(document, map, key, value);
}

function putField(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const old = map.get(key, true) as unknown;
  if (isScalar(old) && old.value === value) return;
  if (isScalar(old) && typeof value === 'string') {
    // The node stays, and with it its comment.
    old.value = value;
    old.type = old.type === 'QUOTE_SINGLE' || old.type === 'QUOTE_DOUBLE' ? old.type : scalarType(value);
  } else if (JSON.stringify((old as Node | undefined)?.toJS(document)) !== JSON.stringify(value)) {
    map.set(key, newNode(document, value, map.flow === true));
  }
}

function newNode(document: Document, value: unknown, flow: boolean): Node {
  const node = document.createNode(value, { flow, aliasDuplicateObjects: false });
  quoteForKubectl(node);
  return node;
}
