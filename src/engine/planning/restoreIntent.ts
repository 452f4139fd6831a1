import type { MachineId } from '../../core/plan/step';
import type { SnapshotCopy } from '../snapshots/readCopy';

/** What a cluster is to be restored from. */
export interface RestoreIntent {
  /** Name of a snapshot; none goes on with a restore that was cut off, or takes what a survivor has. */
  readonly snapshot?: string;
  /** The server on whose disk it is; needed when it is on several. */
  readonly from?: MachineId;
  /** A snapshot on this computer, by its path; it goes to a server first. */
  readonly copyPath?: string;
  /** Where this computer has got it itself. */
  readonly copyFrom?: string;
  /** What was found there. */
  readonly copy?: SnapshotCopy;
  /** No snapshot, but what `from` itself has, where etcd has lost its majority. */
  readonly survivor?: true;
  /** Servers, by their ids or names in the cluster, that never come back. */
  readonly gone?: readonly string[];
  /** What this came to when the hosts were seen first. */
  readonly source?: RestoreSource;
}

export interface RestoreSource {
  /** Names the restore on the servers, so that a run that was cut off is known again. */
  readonly id: string;
  readonly from: MachineId;
  readonly path: string;
  /** What the file has to have, as K3s listed it. */
  readonly size?: number;
  /** Seconds since 1970 when the data were saved. */
  readonly time: number;
  readonly survivor: boolean;
  /** It is on this computer, and goes to that path first. */
  readonly copy?: SnapshotCopy;
}

/** What the id of a restore begins with whose machines had nothing of a cluster before. */
export const ANEW = 'new-';

/** Whether the machines have nothing of a cluster yet, and become the one of the snapshot. */
export function isAnew({ id }: Pick<RestoreSource, 'id'>): boolean {
  return id.startsWith(ANEW);
}
