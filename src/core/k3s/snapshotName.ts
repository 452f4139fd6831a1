/** What K3s calls a snapshot that nobody has given a name. */
export const ON_DEMAND = 'on-demand';

/** What the names of scheduled snapshots begin with, unless `etcd-snapshot-name` says otherwise. */
export const SCHEDULED = 'etcd-snapshot';

/** Whether K3s takes a text as base name: it becomes part of a file name and of the name of an object. */
export function isBaseName(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?$/.test(text);
}

/** Whether a text can be the name of a snapshot, so that it leads nowhere else. */
export function isSnapshotName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,250}$/.test(text);
}

export interface SnapshotName {
  readonly base: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** `<base>-<node>-<seconds>`, with `.zip` behind it when it is packed; undefined for any other name. */
export function readSnapshotName(name: string, node: string): SnapshotName | undefined {
  const [, front, time] = /^(.+)-(\d{9,11})(?:\.zip)?$/.exec(name) ?? [];
  if (front === undefined || !front.endsWith(`-${node}`)) return undefined;
  return { base: front.slice(0, -node.length - 1), time: Number(time) };
}
