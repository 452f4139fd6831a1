import type * as vscode from 'vscode';
import type { Clock, ClusterApi, Files, KubeconfigPlace, RemoteHosts, SecretSource } from '../../engine/ports';
import type { Sha256 } from '../../engine/desired';
import type { PreparedKubeconfig } from '../../core/kubeconfig/prepare';
import type { SavedKubeconfig } from '../../core/kubeconfig/saved';
import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import type { LogChannel } from './log';
import type { SecretVault } from './secrets';

/** What the shell needs from the world; built in compose.ts, the only file that knows the adapters. */
export interface Services {
  readonly log: LogChannel;
  readonly clock: Clock;
  readonly files: Files;
  readonly sha256: Sha256;
  readonly vault: SecretVault;
  /** References of the cluster file at `uri`. */
  secretsFor(uri: vscode.Uri): SecretSource;
  /** New connections for one use; the caller disposes of them. Loads the SSH library at first use. */
  openHosts(uri: vscode.Uri): RemoteHosts;
  /** Loads the Kubernetes client at first use. */
  kubernetes(): ClusterApi;
  /** Journal file of a cluster file. */
  journalPath(uri: vscode.Uri): string;
  /** Kubeconfig files that may hold the cluster's context, in the order in which kubectl would look, and whose they are. */
  kubeconfigPlaces(uri: vscode.Uri): Promise<readonly KubeconfigPlace[]>;
  /** The file that the settings and kubectl's rules choose for this access. */
  kubeconfigTarget(uri: vscode.Uri, prepared: PreparedKubeconfig): Promise<string>;
  saveKubeconfig(path: string, prepared: PreparedKubeconfig, mode: 'overwrite' | 'keep-both'): Promise<Result<SavedKubeconfig, Problem>>;
  /** Entry of the practice fleet's own process. */
  readonly practiceEntry: string;
  readonly extensionUri: vscode.Uri;
}
