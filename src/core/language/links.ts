import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { listReferences } from '../spec/references';

export interface DocumentLink {
  readonly range: TextRange;
  /** A file relative to the cluster file (`~` is the home folder), or an address. */
  readonly target: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'url'; readonly url: string };
}

/** Keys that name a file of this machine; absolute paths of the datastore files are files of the hosts. */
const FILES: readonly Path[] = [
  ['k3s', 'install', 'artifacts'],
  ['ssh', 'identityFile'],
  ['ssh', 'knownHostsFile'],
  ['datastore', 'caFile'],
  ['datastore', 'certFile'],
  ['datastore', 'keyFile'],
];

/** Places that lead somewhere: local files, `${file:…}` references and web addresses. */
export function documentLinks(document: ClusterDocument): DocumentLink[] {
  const links: DocumentLink[] = [];
  for (const path of FILES) {
    const value = dataAt(document.data, path);
    const range = document.rangeOf(path, 'value');
    const onHost = path[0] === 'datastore' && typeof value === 'string' && value.startsWith('/');
    if (typeof value === 'string' && range !== undefined && value !== '' && listReferences(value).length === 0 && !onHost) links.push({ range, target: { kind: 'file', path: value } });
  }
  for (const { kind, name, range } of listReferences(document.text)) if (kind === 'file' && !isComment(document.text, range.start)) links.push({ range, target: { kind: 'file', path: name } });
  const script = dataAt(document.data, ['k3s', 'install', 'scriptUrl']);
  const range = document.rangeOf(['k3s', 'install', 'scriptUrl'], 'value');
  if (typeof script === 'string' && range !== undefined && /^https?:\/\/\S+$/.test(script)) links.push({ range, target: { kind: 'url', url: script } });
  return links.sort((a, b) => a.range.start - b.range.start);
}

function isComment(text: string, offset: number): boolean {
  return /^\s*#/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
}
