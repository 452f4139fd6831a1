import { say } from '../../core/base/say';
/** Where a link leads. Paths are those of URIs. */
export type Destination =
  | { readonly kind: 'file'; readonly folder: number; readonly path: string }
  /** A cluster file outside of the workspace: the person decides. */
  | { readonly kind: 'ask'; readonly path: string }
  | { readonly kind: 'rule'; readonly id: string }
  | { readonly kind: 'nowhere'; readonly words: string };

/** What is asked of the world. */
export interface Surroundings {
  /** Paths of the folders of the workspace. */
  readonly folders: readonly string[];
  /** Whether a file is there: in the file system of that folder, or on the disk. */
  exists(path: string, folder: number | undefined): Promise<boolean>;
}

/** Longer than any path that a person would pass on. */
const LONGEST = 1_000;

/**
 * Follows `/open?file=clusters/edge.k3s.yaml` or `/rule?id=etcd-two-servers`. Anybody can write a link: only a cluster file and the
 * page of a rule can be named, nothing on another computer, and nothing else in the link means anything.
 */
export async function destinationOf(
  { path, query }: { readonly path: string; readonly query: string },
  { folders, exists }: Surroundings,
): Promise<Destination> {
  const asked = query.length > LONGEST ? new URLSearchParams() : new URLSearchParams(query);
  const [file, id] = [asked.get('file'), asked.get('id')];
  if (path === '/rule' && id !== null && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) return { kind: 'rule', id };
  if (path !== '/open' || file === null || !isClusterPath(file))
    return {
      kind: 'nowhere',
      words: say`This link names no cluster file (*.k3s.yaml) and no rule of K3s HA; nothing was opened.`,
    };
  const missing = say`The link asks for ${file}, and no folder of this workspace has such a file.`;
  const plainPath = file.replaceAll('\\', '/');
  if (plainPath.split('/').includes('..')) return { kind: 'nowhere', words: missing };
  const absolute = absolutePath(plainPath);
  for (const [folder, root] of folders.entries()) {
    const start = root.endsWith('/') ? root : `${root}/`;
    const candidate = absolute ?? `${start}${plainPath}`;
    if (candidate.startsWith(start) && (await exists(candidate, folder)))
      return { kind: 'file', folder, path: candidate };
  }
  return absolute !== undefined && (await exists(absolute, undefined))
    ? { kind: 'ask', path: absolute }
    : { kind: 'nowhere', words: missing };
}

/** Opening `//host/share` would log in at that host. */
function isClusterPath(file: string): boolean {
  return (
    file.endsWith('.k3s.yaml') &&
    !/^[\\/]{2}/.test(file) &&
    !/^[a-z][a-z0-9+.-]+:/i.test(file) &&
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u001f\u007f]/.test(file)
  );
}

/** The path of the URI of a path from the root of a disk; undefined for any other. */
function absolutePath(path: string): string | undefined {
  if (path.startsWith('/')) return path;
  const [, drive, rest] = /^([A-Za-z]):(\/.*)$/.exec(path) ?? [];
  return drive === undefined ? undefined : `/${drive.toLowerCase()}:${rest ?? ''}`;
}
