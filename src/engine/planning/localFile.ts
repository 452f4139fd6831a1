import type { HostFileKind } from '../../core/cluster/hostFiles';
import type { Path } from '../../core/base/path';
import type { AirgapFolder } from './airgapFolder';
import type { Architecture } from '../../core/k3s/releaseFiles';
import type { ByteInput } from '../../core/remote/remoteCommand';

/** A file of this machine as it was read for a plan: exactly this is what hosts get. */
export interface LocalFile {
  readonly input: ByteInput;
  /** Its content; absent when it is no text, or a long one. */
  readonly text?: string;
}

/** Binaries of the release, by architecture of the hosts that need one. */
export type UploadedBinaries = ReadonlyMap<Architecture, ByteInput>;

/** What was found on this machine for a cluster file. */
export interface LocalFiles {
  /** By the path in the cluster file. */
  readonly files: ReadonlyMap<string, LocalFile>;
  /** The files that a pattern stands for. */
  readonly listed: ReadonlyMap<string, readonly string[]>;
  /** The folder of an air gap. */
  readonly airgap?: AirgapFolder;
  /** What this machine got of the release for hosts that do not have it. */
  readonly binaries?: UploadedBinaries;
}

export const NO_LOCAL_FILES: LocalFiles = { files: new Map(), listed: new Map() };

/** A file of this machine that hosts get, and which. */
export interface WantedFile {
  readonly from: string;
  readonly kind: HostFileKind;
  readonly mode: string;
  readonly use: string;
  /** Where the cluster file asks for it. */
  readonly path: Path;
  readonly hosts: readonly string[];
}
