import type { HostFile } from '../../core/cluster/hostFiles';
import type { ByteInput } from '../../core/remote/remoteCommand';

/** A file of this machine as it was read for a plan: exactly this is what hosts get. */
export interface LocalFile {
  readonly input: ByteInput;
  /** Its content; absent when it is no text. */
  readonly text?: string;
}

/** By the path in the cluster file. */
export type LocalFiles = ReadonlyMap<string, LocalFile>;

export const NO_LOCAL_FILES: LocalFiles = new Map();

/** A file that hosts get, and which. */
export interface WantedFile extends HostFile {
  readonly hosts: readonly string[];
}
