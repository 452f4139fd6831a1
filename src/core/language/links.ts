import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { listReferences, type Reference } from '../cluster/references';

export interface DocumentLink {
  readonly range: TextRange;
  /** A file relative to the cluster file (`~` is the home folder), or an address. */
  readonly target: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'url'; readonly url: string };
}

/** Keys that name files of this machine. */
const FILES: readonly Path[] = [
  ['k3s', 'install', 'artifacts'],
  ['ssh', 'identityFile'],
  ['ssh', 'knownHostsFile'],
  ['registries', 'file'],
];

/** Relative paths are files of this machine that are uploaded; absolute ones are files of the hosts. */
const UPLOADED: readonly Path[] = [
  ['datastore', 'caFile'],
  ['datastore', 'certFile'],
  ['datastore', 'keyFile'],
];

const SCRIPT_URL: Path = ['k3s', 'install', 'scriptUrl'];

/** Places that lead somewhere: local files, `${file:…}` references and web addresses. */
export function documentLinks(document: ClusterDocument): DocumentLink[] {
  const { data } = document;
  const links: DocumentLink[] = [];
  const addFile = (path: Path, accepted: (value: string) => boolean = () => true): void => {
    for (const { range, value } of textsAt(document, path))
      if (accepted(value) && listReferences(value).length === 0)
        links.push({ range, target: { kind: 'file', path: value } });
  };
  for (const path of [...FILES, ...nodeSshPaths(data), ...sentFilePaths(data)]) addFile(path);
  for (const path of itemPaths(data, ['hooks'])) addFile([...path, 'run']);
  for (const path of itemPaths(data, ['manifests'])) addFile(path, (value) => !/[*?]/.test(value));
  for (const path of UPLOADED) addFile(path, (value) => !value.startsWith('/'));
  addFile(SCRIPT_URL, (value) => /^(?:(?:\.{1,2}|~|[A-Za-z]:)[/\\]|\/)/.test(value));
  for (const { name, range } of listReferences(document.text).filter((reference) =>
    isFileReference(document, reference),
  ))
    links.push({ range, target: { kind: 'file', path: name } });
  for (const { range, value } of textsAt(document, SCRIPT_URL))
    if (/^https?:\/\/\S+$/.test(value)) links.push({ range, target: { kind: 'url', url: value } });
  // What an anchor or a merge key brings to several places is written in one.
  return [...new Map(links.map((link) => [link.range.start, link])).values()].sort(
    (a, b) => a.range.start - b.range.start,
  );
}

/** `from` of every entry of `files`, for all hosts, for those of a role and for one. */
function sentFilePaths(data: unknown): Path[] {
  const nodes = ['servers', 'agents'].flatMap((section) => [[section], ...itemPaths(data, [section, 'nodes'])]);
  return [[], ...nodes].flatMap((at) => itemPaths(data, [...at, 'files']).map((entry): Path => [...entry, 'from']));
}

function itemPaths(data: unknown, list: Path): Path[] {
  const items = dataAt(data, list);
  return Array.isArray(items) ? items.map((_, index) => [...list, index]) : [];
}

function nodeSshPaths(data: unknown): Path[] {
  return ['servers', 'agents'].flatMap((section) => {
    const nodes = dataAt(data, [section, 'nodes']);
    if (!Array.isArray(nodes)) return [];
    return nodes.flatMap((node, index) =>
      dataAt(node, ['ssh']) === undefined
        ? []
        : ['identityFile', 'knownHostsFile'].map((key): Path => [section, 'nodes', index, 'ssh', key]),
    );
  });
}

/** The text at a place, or each text of the list there, where it is written itself. */
function textsAt(document: ClusterDocument, path: Path): { readonly range: TextRange; readonly value: string }[] {
  const found = dataAt(document.data, path);
  if (Array.isArray(found)) return found.flatMap((_item, index) => textsAt(document, [...path, index]));
  const range = document.rangeOf(path, 'value');
  if (typeof found !== 'string' || found === '' || range === undefined) return [];
  return isAlias(document.text, range) ? [] : [{ range, value: found }];
}

/** A place that a value comes to by an alias or a merge key shows the alias. */
function isAlias(text: string, range: TextRange): boolean {
  return text[range.start] === '*';
}

/** In a comment a reference refers to nothing. */
function isFileReference(document: ClusterDocument, { kind, range }: Reference): boolean {
  if (kind !== 'file') return false;
  const at = document.pathAt(range.start);
  const value = at?.part === 'value' ? document.rangeOf(at.path, 'value') : undefined;
  return (
    value !== undefined &&
    value.start <= range.start &&
    range.end <= value.end &&
    typeof dataAt(document.data, at?.path ?? []) === 'string'
  );
}
