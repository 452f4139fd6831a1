import type * as vscode from 'vscode';
import type {
  AddressLook,
  Agreements,
  Clock,
  ClusterApi,
  DatabaseClients,
  Downloads,
  Files,
  Handshakes,
  KubeconfigPlace,
  MachineDoorSource,
  Operator,
  ObjectStores,
  ProgramDoor,
  ReleaseFiles,
  RemoteHosts,
  RemoteShells,
  InstallScripts,
  SecretDoor,
} from '../../engine/ports';
import type { PageWords } from '../../contract/html';
import type { Sha256 } from '../../engine/planning/sha256';
import type { IgnoresFinding } from '../../engine/planning/situation';
import type { LocalFileDependencies } from '../../engine/planning/localFiles';
import type { PreparedKubeconfig } from '../../core/kubeconfig/prepare';
import type { SavedKubeconfig } from '../../core/kubeconfig/saved';
import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import type { PlanDependencies } from '../../engine/run/prepare';
import type { LocalFile } from './localFile';
import type { LogChannel } from './log';
import type { StoredCluster } from '../clusters/clusterStore';
import type { SecretVault } from './secretVault';

/** What the shell needs from the world; built in compose.ts, the only file that knows the adapters. */
export interface Services {
  readonly log: LogChannel;
  readonly clock: Clock;
  /** Symbolic links are followed at the person's own kubeconfigs only. */
  readonly files: Files;
  readonly sha256: Sha256;
  readonly operator: Operator;
  readonly vault: SecretVault;
  /** New connections for one operation on a cluster file; the caller disposes of them. Loads the SSH library at first use. */
  openSession(file: LocalFile, state: StoredCluster): Session;
  /** New connections for a cluster that has no file yet: relative paths are those of `folder`; the caller disposes of them. */
  openImport(secrets: SecretDoor, folder: string): Omit<PlanDependencies, 'clock' | 'sha256' | 'parallel'>;
  /** What was agreed to for a cluster file. */
  agreements(uri: vscode.Uri): Agreements;
  /** Loads the Kubernetes client at first use. */
  kubernetes(): ClusterApi & MachineDoorSource;
  /** Journal file of a cluster file. */
  journalPath(file: LocalFile): string;
  /** The kubeconfig of terminals for one cluster alone: a file of ours, which nobody else reads. */
  terminalKubeconfig(file: LocalFile): string;
  /** Where the records of runs on a cluster file are kept. */
  recordsPath(file: LocalFile): string;
  /** Kubeconfig files that may hold the cluster's context, in the order in which kubectl would look, and whose they are. */
  kubeconfigPlaces(file: LocalFile): Promise<readonly KubeconfigPlace[]>;
  /** The file that the settings and kubectl's rules choose for this access. */
  kubeconfigTarget(file: LocalFile, prepared: PreparedKubeconfig): Promise<string>;
  /** Where the last merge of a cluster file's kubeconfig is written down. */
  undoPath(file: LocalFile): string;
  saveKubeconfig(
    file: LocalFile,
    path: string,
    prepared: PreparedKubeconfig,
    mode: 'overwrite' | 'keep-both',
  ): Promise<Result<SavedKubeconfig, Problem>>;
  /** Entry of the practice fleet's own process. */
  readonly practiceEntry: string;
  readonly extensionUri: vscode.Uri;
  /** What the page of the diagram says in the language of the editor; undefined for English. */
  pageWords(): PageWords | undefined;
}

/** The hosts of one cluster file, and the door through which its secrets reach them. */
export interface Session extends Pick<LocalFileDependencies, 'artifacts' | 'certificates' | 'lineOf'> {
  readonly hosts: RemoteHosts & RemoteShells;
  readonly databases: DatabaseClients;
  readonly secrets: SecretDoor;
  readonly scripts: InstallScripts;
  readonly releases: ReleaseFiles;
  readonly objects: ObjectStores;
  readonly programs: ProgramDoor;
  readonly ignores: IgnoresFinding;
  readonly addresses: AddressLook;
  readonly downloads: Downloads;
  readonly handshakes: Handshakes;
}
