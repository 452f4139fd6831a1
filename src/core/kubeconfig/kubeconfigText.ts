import type { Document, YAMLMap } from 'yaml';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../base/problem';
import { problem } from '../base/problem';
import type { Result } from '../base/result';
import { err, ok } from '../base/result';
import { readBlockText, type ListPlaces } from './blockText';
import { isFields, type Fields } from './fields';

/** The three lists of a kubeconfig with the key that holds an entry's body. */
export const LISTS = { clusters: 'cluster', contexts: 'context', users: 'user' } as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES: readonly ListName[] = ['clusters', 'contexts', 'users'];

/** One named entry of a list, as plain data. */
interface Entry {
  readonly name: string;
  readonly body: Fields;
}

/** A kubeconfig that could be read, as plain data. */
export interface KubeconfigText {
  readonly data: Fields;
  /** Where the entries stand, if the text is written as kubectl does ({@link readBlockText}). */
  readonly places?: ListPlaces;
}

/** A kubeconfig with its YAML document, for edits. */
export interface KubeconfigDocument extends KubeconfigText {
  readonly document: Document;
  /** `undefined` for an empty file. */
  readonly root: YAMLMap | undefined;
}

const REPAIR =
  'Open the file and repair it (kubectl config view shows what kubectl thinks of it), then try again. Nothing was changed.';

/** Reads a kubeconfig. The problem names the line but never quotes it: the file holds private keys. */
export function readKubeconfig(text: string): Result<KubeconfigText, Problem> {
  const block = readBlockText(text);
  return block === undefined ? openKubeconfig(text) : checked({ data: block.data, places: block.lists });
}

/** The same through the YAML library. It reads everything, and takes seconds for thousands of entries. */
export function openKubeconfig(text: string): Result<KubeconfigDocument, Problem> {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, prettyErrors: false, lineCounter: lines });
  const failure = document.errors[0];
  if (failure !== undefined) {
    const { line } = lines.linePos(failure.pos[0]);
    return unreadable(`${FAULTS[failure.code] ?? 'It is not valid YAML'} (line ${line}).`);
  }
  const contents = document.contents;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return ok({ document, root: undefined, data: {} });
  if (!isMap(contents))
    return unreadable('A kubeconfig is a map with clusters, contexts and users; this file holds something else.');
  const data = plainData(document);
  if (data === undefined)
    return unreadable('An alias (*name) points to no anchor (&name), or the aliases grow without end.');
  return checked({ document, root: contents, data });
}

function checked<T extends KubeconfigText>(read: T): Result<T, Problem> {
  for (const list of LIST_NAMES) {
    const fault = listFault(list, read.data[list]);
    if (fault !== undefined) return unreadable(fault);
  }
  return ok(read);
}

const FAULTS: Partial<Record<string, string>> = {
  BAD_INDENT: 'The indentation does not fit the lines before it',
  DUPLICATE_KEY: 'A key stands twice in the same map',
  MULTIPLE_DOCS: 'The file holds more than one YAML document',
  TAB_AS_INDENT: 'The line is indented with a tab; YAML allows only spaces',
  MISSING_CHAR: 'A quote or bracket is missing',
};

function unreadable(why: string): Result<never, Problem> {
  return err(problem('kubeconfig-unreadable', 'The kubeconfig cannot be read.', { why, nextSteps: [REPAIR] }));
}

/** Unresolved aliases and alias bombs make the YAML library throw. */
function plainData(document: Document): Fields | undefined {
  try {
    return document.toJS() as Fields;
  } catch {
    return undefined;
  }
}

/** kubectl refuses a whole file for any of these, so an edit could not make it work. */
function listFault(list: ListName, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return `"${list}" is not a list.`;
  const bodies = new Map<unknown, Fields>();
  for (const item of value as unknown[]) {
    if (!isFields(item)) return `An entry of "${list}" is not a map.`;
    const name = item.name ?? '';
    if (typeof name !== 'string') return `The name ${String(name)} in "${list}" needs quotes; kubectl refuses it.`;
    const body = item[LISTS[list]];
    if (body !== undefined && body !== null && !isFields(body)) return `The entry "${name}" of "${list}" is not a map.`;
    if (bodies.has(name)) return `"${list}" has two entries named "${name}"; kubectl refuses such a file.`;
    bodies.set(name, body ?? {});
  }
  indexes[list].set(value, bodies);
  return undefined;
}

/** Entries of a list of a kubeconfig that {@link readKubeconfig} accepted. */
export function entriesOf(data: Fields, list: ListName): readonly Entry[] {
  const items = (data[list] ?? []) as readonly Fields[];
  return items.map((item) => ({ name: (item.name ?? '') as string, body: (item[LISTS[list]] ?? {}) as Fields }));
}

/** The body of the entry `name` of a kubeconfig that {@link readKubeconfig} accepted; as quick in a file of thousands. */
export function findEntry(data: Fields, list: ListName, name: unknown): Fields | undefined {
  return indexes[list].get((data[list] ?? {}) as object)?.get(name);
}

/** The bodies of each list by name; gone when the list is. */
const index = (): WeakMap<object, ReadonlyMap<unknown, Fields>> => new WeakMap();
const indexes: Readonly<Record<ListName, ReturnType<typeof index>>> = {
  clusters: index(),
  contexts: index(),
  users: index(),
};

export function sameData(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
