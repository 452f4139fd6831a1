/** A file of a simulated host. Folders exist through the files in them. */
export interface HostFile {
  /** Empty when only {@link HostFile.bytes} was kept. */
  readonly content: string;
  /** What is known of bytes that are no text, or too many to keep. */
  readonly bytes?: { readonly size: number; readonly sha256: string; readonly data?: Buffer };
  readonly mode: number;
  /** Login name of the owner. */
  readonly owner: string;
  /** Seconds since 1970. */
  readonly modified: number;
  /** Path that a symbolic link leads to. */
  readonly target?: string;
  /** What the file stands for in the simulation (a datastore, a binary's version); goes when the file goes. */
  readonly meaning?: unknown;
}

export interface WriteOptions {
  readonly mode?: number;
  readonly owner?: string;
  readonly bytes?: HostFile['bytes'];
  readonly meaning?: unknown;
  /** Seconds since 1970; now when it is left out. */
  readonly modified?: number;
}

/** Files of one host: absolute normalised paths, symbolic links, modes and owners. */
export interface HostFiles {
  /** The file at `path`, links followed. */
  get(path: string): HostFile | undefined;
  write(path: string, content: string, options?: WriteOptions): void;
  link(path: string, target: string): void;
  /** Removes a file, or a folder with everything in it. */
  remove(path: string): void;
  hasFolder(path: string): boolean;
  /** Paths below a folder, sorted. */
  below(folder: string): readonly string[];
  readable(path: string, user: string): boolean;
  writable(path: string, user: string): boolean;
}

/** Folders that only root may enter. */
const PRIVATE = ['/var/lib/rancher/k3s/server/', '/var/lib/k3s-ha/', '/root/'];

export function hostFiles(now: () => number): HostFiles {
  const files = new Map<string, HostFile>();
  const resolve = (path: string): string => {
    let at = path;
    for (let i = 0; i < 8; i += 1) {
      const target = files.get(at)?.target;
      if (target === undefined) return at;
      at = target.startsWith('/') ? target : `${at.slice(0, at.lastIndexOf('/'))}/${target}`;
    }
    return at;
  };
  const below = (folder: string): string[] => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort();
  return {
    get: (path) => files.get(resolve(path)),
    write: (path, content, options = {}) => {
      files.set(resolve(path), {
        content,
        mode: options.mode ?? 0o644,
        owner: options.owner ?? 'root',
        modified: options.modified ?? Math.floor(now() / 1000),
        ...(options.bytes === undefined ? {} : { bytes: options.bytes }),
        ...(options.meaning === undefined ? {} : { meaning: options.meaning }),
      });
    },
    link: (path, target) => {
      files.set(path, { content: '', mode: 0o777, owner: 'root', modified: Math.floor(now() / 1000), target });
    },
    remove: (path) => {
      files.delete(path);
      for (const inside of below(path)) files.delete(inside);
    },
    hasFolder: (path) => below(path).length > 0,
    below,
    readable: (path, user) => {
      const file = files.get(resolve(path));
      if (user === 'root' || file?.owner === user) return true;
      return file !== undefined && (file.mode & 0o004) !== 0 && !PRIVATE.some((folder) => path.startsWith(folder));
    },
    writable: (path, user) => user === 'root' || path.startsWith('/tmp/') || path.startsWith(`/home/${user}/`),
  };
}
