import { say } from '../base/say';
import { megabytes } from '../base/words';
import type { MachineId } from '../plan/step';

/** A snapshot of the cluster in one or several places. */
export interface KnownSnapshot {
  readonly name: string;
  /** What it was called, without node and time: `on-demand`, `etcd-snapshot` … */
  readonly base: string;
  readonly scheduled: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** In bytes. */
  readonly size: number;
  readonly places: readonly SnapshotPlace[];
  /** Names the token of that time, where K3s tells it. */
  readonly tokenHash?: string;
}

export type SnapshotPlace =
  | {
      readonly kind: 'disk';
      readonly server: MachineId;
      readonly path: string;
      readonly size: number;
      /** What K3s says of the size. */
      readonly listed?: number;
    }
  | { readonly kind: 's3'; readonly location: string; readonly size: number }
  /** K3s knows it, and nobody has seen it: its server was not reached, or is not in the file. */
  | { readonly kind: 'unseen'; readonly node: string; readonly location: string; readonly size: number };

/** Where a snapshot is, in words: `server-1, S3`. */
export function placeWords({ places }: KnownSnapshot): string {
  const words = places.map((place) =>
    place.kind === 'disk' ? place.server : place.kind === 's3' ? 'S3' : say`${place.node} (not seen)`,
  );
  return [...new Set(words)].join(', ');
}

/** `on demand` or `scheduled`, and what it was called when that is something else. */
export function kindWords({ scheduled, base }: KnownSnapshot): string {
  return scheduled ? 'scheduled' : base === 'on-demand' ? say`on demand` : say`on demand, "${base}"`;
}

/** Its size, and that of a place that has less or more than it is to have. */
export function sizeWords({ size, places }: KnownSnapshot): string {
  const wrong = places.some(
    (place) => place.size === 0 || (place.kind === 'disk' && (place.listed ?? place.size) !== place.size),
  );
  return wrong ? `${megabytes(size)}, damaged` : megabytes(size);
}
