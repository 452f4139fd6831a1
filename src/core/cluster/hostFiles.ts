import type { Path } from '../base/path';
import type { Cluster, ClusterNode } from './cluster';
import { leadsOutside } from './installScript';

/** A file of this machine that belongs on a host. */
export interface HostFile {
  /** Path on this machine as the cluster file has it. */
  readonly from: string;
  /** Absolute path on the host. */
  readonly to: string;
  /** Octal, four digits. */
  readonly mode: string;
  /** What it is, which decides what is checked before it is sent. */
  readonly kind: 'ca' | 'certificate' | 'key';
  /** Its content is never shown. */
  readonly secret: boolean;
  /** K3s reads it only when it starts. */
  readonly restart: boolean;
  /** The key of the cluster file that asks for it, e.g. `datastore.keyFile`. */
  readonly use: string;
  /** Where that stands in the cluster file. */
  readonly path: Path;
}

const KINDS = { caFile: 'ca', certFile: 'certificate', keyFile: 'key' } as const;

/** The files of this machine that belong on a node. */
export function hostFiles(
  { datastore }: Pick<Cluster, 'datastore'>,
  { role }: Pick<ClusterNode, 'role'>,
): readonly HostFile[] {
  if (role === 'agent') return [];
  return (datastore.uploads ?? []).map(({ key, from, to }) => ({
    from,
    to,
    mode: '0600',
    kind: KINDS[key],
    secret: key === 'keyFile',
    restart: true,
    use: `datastore.${key}`,
    path: ['datastore', key],
  }));
}

/**
 * Whether a person has to agree before a file goes to a host: private keys, and whatever did not come with the cluster
 * file, because its path leads out of the folder or into something hidden such as `.env` or `.git`.
 */
export function needsAgreement({ from, secret }: Pick<HostFile, 'from' | 'secret'>): boolean {
  return secret || leadsOutside(from) || from.split(/[/\\]/).some((part) => /^\.(?!\.?$)/.test(part));
}

/** Files that K3s on a node will look for and that nobody brings there: absolute paths of `datastore:` and of `config:`. */
export function expectedFiles(
  { datastore }: Pick<Cluster, 'datastore'>,
  { role }: Pick<ClusterNode, 'role'>,
): readonly { readonly key: keyof typeof KINDS; readonly path: string }[] {
  if (role === 'agent') return [];
  const sent = new Set(datastore.uploads?.map(({ key }) => key));
  return (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((key) => {
    const path = datastore[key];
    return path?.startsWith('/') === true && !sent.has(key) ? [{ key, path }] : [];
  });
}
