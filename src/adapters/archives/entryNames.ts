import { ARCHITECTURES } from '../../core/k3s/releaseFiles';

/** What of an entry decides whether it is used. */
export interface EntryHead {
  readonly name: string;
  /** As tar-stream names it; null for a kind that it does not know. */
  readonly type: string | null;
  readonly pax?: unknown;
}

const KINDS: Partial<Record<string, string>> = {
  symlink: 'a symbolic link',
  link: 'a hard link',
  'block-device': 'a device',
  'character-device': 'a device',
  fifo: 'a pipe',
};

/** Why an archive that holds this entry is not used; a sentence that names it. */
export function refuseEntry({ name, type, pax }: EntryHead): string | undefined {
  const shown = JSON.stringify(name);
  // eslint-disable-next-line no-control-regex
  if (/[\\\u0000-\u001F\u007F]/.test(name)) return `It holds ${shown}, a name with characters that no file of K3s has.`;
  if (/^(?:\/|[A-Za-z]:)/.test(name)) return `It holds ${shown}, an absolute path.`;
  if (name.split('/').includes('..')) return `It holds ${shown}, a path that leads out of it.`;
  if (type === 'directory') return undefined;
  if (type !== 'file') return `It holds ${shown}, which is ${KINDS[type ?? ''] ?? 'no plain file'}.`;
  const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
  return isSparse ? `It holds ${shown} as a sparse file.` : undefined;
}

/** A path without `.` and doubled slashes. */
export function plainName(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** The folder that all names begin with, as `tar -czf airgap.tar.gz airgap` makes it; that of an architecture is none. */
export function topFolder(names: readonly string[]): string {
  const [first = ''] = names;
  const at = first.indexOf('/') + 1;
  const top = first.slice(0, at);
  const isOfArchitecture = ARCHITECTURES.some((architecture) => top === `${architecture}/`);
  return at > 0 && !isOfArchitecture && names.every((name) => name.startsWith(top)) ? top : '';
}
