/** What saving into a kubeconfig file did. */
export interface SavedKubeconfig {
  readonly path: string;
  /** Name of context, cluster and user in the file. */
  readonly contextName: string;
  readonly change: 'created' | 'updated' | 'unchanged';
  /** Copy of the file as it was; absent when nothing changed or the file is new. */
  readonly backup?: string;
  /** Permissions that the file had and has, when others could read it; absent when it was private. */
  readonly tightened?: Tightened;
}

/** What a merge does to a kubeconfig file. */
export interface KubeconfigChange {
  readonly path: string;
  /** Copy of the file as it was; undefined when there was none. */
  readonly backup: string | undefined;
  readonly before: string | undefined;
  readonly after: string;
}

/** Permissions before and after as octal digits, such as `0644` and `0600`. */
export interface Tightened {
  readonly from: string;
  readonly to: string;
}

/** Tells that others could read the file with the key; undefined when it was private. */
export function tightenedNotice({ path, tightened }: SavedKubeconfig): string | undefined {
  return (
    tightened &&
    `${path} was open to others (${tightened.from}); it is ${tightened.to} now, because it holds an administrator's key.`
  );
}
