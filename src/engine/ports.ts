import type { Problem } from '../core/base/problem';
import type { Result } from '../core/base/result';
import type { RemoteCommand } from '../core/k3s/remoteCommand';
import type { SshSettings } from '../core/spec/cluster';

/** A machine to reach over SSH. Secrets in `ssh` are still references; the adapter resolves them through {@link SecretSource}. */
export interface HostTarget {
  /** Unique in a run; also the label shown to people. */
  readonly id: string;
  readonly host: string;
  readonly ssh: SshSettings;
}

/**
 * How a remote command ended. `unknown` means that the connection was lost before the exit status arrived:
 * the command may have run, and only a new probe can tell.
 */
export type RemoteOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** Runs commands on hosts: one connection a host, kept until disposed. */
export interface RemoteHosts {
  run<T>(target: HostTarget, command: RemoteCommand<T>, options?: RunOptions): Promise<RemoteOutcome<T>>;
  /** A byte stream to `host:port` as seen from the target (ssh -L). */
  openTunnel(target: HostTarget, host: string, port: number, signal?: AbortSignal): Promise<Result<ByteStream, Problem>>;
  dispose(): Promise<void>;
}

/** Structurally a Node Duplex; engine code only passes it on. */
export interface ByteStream {
  destroy(): unknown;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Complete output lines as they come, secrets masked. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Turns `${secret:…}`, `${env:…}` and `${file:…}` into values. */
export interface SecretSource {
  /** Resolves every reference inside `text`; the problem names the reference that is missing and how to provide it. */
  resolve(text: string): Promise<Result<string, Problem>>;
}

/** Questions to the person at the keyboard; a CLI without a terminal answers undefined or 'reject'. */
export interface Prompter {
  confirmHostKey(question: HostKeyQuestion): Promise<'accept' | 'reject'>;
  askSecret(question: SecretQuestion): Promise<string | undefined>;
}

export interface HostKeyQuestion {
  readonly host: string;
  readonly port: number;
  readonly keyType: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly fingerprint: string;
}

export interface SecretQuestion {
  readonly kind: 'ssh-password' | 'key-passphrase' | 'sudo-password' | 'keyboard-interactive';
  /** Full sentence, e.g. "Password of ubuntu@10.0.0.11". */
  readonly prompt: string;
  /** Same id = same secret; asked once a run. */
  readonly id: string;
}

/** Levels as in VS Code's log channel. Messages are already free of secrets. */
export interface Log {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where the Kubernetes API is and how to prove that it is the right one. */
export interface ApiEndpoint {
  /** Whole kubeconfig text with one context. */
  readonly kubeconfig: string;
  /** Opens the TCP stream instead of dialling directly, e.g. through an SSH tunnel. */
  readonly connect?: () => Promise<Result<ByteStream, Problem>>;
}

export interface ClusterApi {
  /** GET /readyz and /version with the kubeconfig's identity: proves address, certificate names, CA and credentials. */
  verify(endpoint: ApiEndpoint, signal?: AbortSignal): Promise<Result<ApiVersion, Problem>>;
  listNodes(endpoint: ApiEndpoint, signal?: AbortSignal): Promise<Result<readonly unknown[], Problem>>;
  /** Calls `onNodes` with the whole current list after every change until aborted; reconnects by itself and reports gaps. */
  watchNodes(endpoint: ApiEndpoint, onNodes: (nodes: readonly unknown[]) => void, onProblem: (problem: Problem) => void, signal: AbortSignal): Promise<void>;
}

export interface ApiVersion {
  readonly gitVersion: string;
}

/** Files on this machine. */
export interface Files {
  read(path: string): Promise<string | undefined>;
  /** The last `bytes` of a file, beginning anywhere in a line; undefined when there is none. */
  readEnd(path: string, bytes: number): Promise<string | undefined>;
  /** Same-folder temporary file, fsync, rename; keeps the old mode, follows symlinks, `mode` for a new file. */
  writeAtomic(path: string, text: string, mode: number): Promise<void>;
  /** Appends one line; creates the file with 0600. */
  appendLine(path: string, line: string): Promise<void>;
  /** Runs `work` while holding an advisory lock beside `path`. */
  withLock<T>(path: string, work: () => Promise<T>): Promise<T>;
}
