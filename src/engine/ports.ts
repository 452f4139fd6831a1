import type { Problem } from '../core/base/problem';
import type { Result } from '../core/base/result';
import type { DatastoreQuestion, PlacedFinding } from '../core/datastore/trial/trial';
import type { Architecture } from '../core/k3s/releaseFiles';
import type { ByteInput, RemoteCommand } from '../core/remote/remoteCommand';
import type { SshSettings } from '../core/cluster/cluster';
import type { AddressSight } from '../core/loadBalancer/addressSight';
import type { AddressQuestion } from '../core/remote/addressSight';
import type { SeenWorkloads } from '../core/workloads/seenWorkloads';

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
  openTunnel(
    target: HostTarget,
    host: string,
    port: number,
    signal?: AbortSignal,
  ): Promise<Result<ByteStream, Problem>>;
  /** The text without the secrets that these connections know: passwords and passphrases of logins, jumps and sudo. */
  mask(text: string): string;
  dispose(): Promise<void>;
}

/** The size of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How a shell ended: with a status, or because the connection went away. */
export type ShellEnd =
  { readonly kind: 'exited'; readonly exitCode: number } | { readonly kind: 'lost'; readonly problem: Problem };

/** A shell of the person on a host, in a terminal. */
export interface RemoteShell {
  write(data: string): void;
  resize(size: TerminalSize): void;
  /** Hangs up, as a terminal that is closed. */
  close(): void;
  readonly ended: Promise<ShellEnd>;
}

/** Opens shells on hosts, through the connections that their commands use. */
export interface RemoteShells {
  /** `onData` gets what the shell writes, as it is, for a terminal. */
  openShell(
    target: HostTarget,
    options: { readonly size: TerminalSize; readonly onData: (text: string) => void; readonly signal?: AbortSignal },
  ): Promise<Result<RemoteShell, Problem>>;
}

/** Structurally a Node Duplex; engine code only passes it on. */
export interface ByteStream {
  destroy(): unknown;
}

/** Logs in to datastores as K3s does, over streams that somebody else opens. */
export interface DatabaseClients {
  /**
   * Asks every part of a datastore at the same time and judges the answers; undefined when its endpoint names nothing that is
   * reached over a network. Leaves nothing behind and nothing open. An answer that is not there after `timeoutMs` is a finding like any other.
   */
  try(
    question: DatastoreQuestion,
    connect: (host: string, port: number) => Promise<Result<ByteStream, Problem>>,
    limits: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<readonly PlacedFinding[] | undefined>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Complete output lines as they come, secrets masked. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** How far a byte input has got, a few times a second, and once more when all of it was sent. */
  readonly onSent?: (bytes: number, size: number) => void;
  /** Takes what the command prints piece by piece, instead of its parser; the host waits meanwhile. Must not fail. */
  readonly sink?: (piece: Uint8Array) => Promise<void>;
}

/** A file that comes to this machine. */
export interface Download {
  readonly path: string;
  write(piece: Uint8Array): Promise<void>;
  /** Bytes so far, and their sha256. */
  state(): { readonly size: number; readonly sha256: string };
  /** It is there under its name from now on; a problem says why not, and nothing is left then. */
  keep(): Promise<Result<void, Problem>>;
  drop(): Promise<void>;
}

/** Files that come to this machine: for their owner only, and under their names only when they are whole. */
export interface Downloads {
  /** Where nothing is yet; a problem names what is in the way. */
  begin(path: string): Promise<Result<Download, Problem>>;
  /** What is in a file that is there already; undefined when there is none that can be read. */
  look(path: string): Promise<ReturnType<Download['state']> | undefined>;
}

/** A certificate as a server shows it. */
export interface ShownCertificate {
  /** Names and addresses that it is for. */
  readonly names: readonly string[];
  /** Its serial number, as that of a file is written. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
}

/** Handshakes of TLS from this computer. Nothing is said after them, so that nothing secret is. */
export interface Handshakes {
  /** The certificate that whoever is at the other end of a stream shows; the stream is closed afterwards. */
  certificate(stream: ByteStream, signal?: AbortSignal): Promise<Result<ShownCertificate, Problem>>;
}

/** Turns `${secret:…}`, `${env:…}` and `${file:…}` into values. What goes to a host is asked for through {@link SecretDoor} only. */
export interface SecretSource {
  /** Resolves every reference inside `text`; the problem names the reference that is missing and how to provide it. */
  resolve(text: string): Promise<Result<string, Problem>>;
  /** The values of `text` (without one: all that were resolved) did what they are for; one that was typed may be stored now. */
  worked(text?: string): Promise<void>;
  /** A host refused the value of `text`: the next {@link resolve} asks for another one where it can ask. */
  refused(text: string): void;
}

/**
 * The one way for secrets, environment variables, files and keys of this machine to a host of one cluster file. Nothing
 * passes before the person has agreed to what goes where; a refusal holds as long as this door is in use.
 */
export interface SecretDoor extends SecretSource {
  /** Asks, once for the whole file, about everything that was not agreed to yet. Nothing may be sent to any host before. */
  admit(): Promise<Result<void, Problem>>;
  /**
   * To be called when a machine has proved which host key it has (`SHA256:…`) and before anything is sent to it: what
   * was agreed to is bound to the key that the machine had then.
   */
  meet(machine: MachineAddress, fingerprint: string): Promise<Result<void, Problem>>;
  /** Whether the person agreed to a host key that only a known_hosts of the cluster file lists. */
  isAgreedKey(machine: MachineAddress, fingerprint: string): boolean;
}

/** Code of the problem of {@link SecretDoor.admit} and {@link SecretDoor.meet}; it is about the file and not about one host. */
export const NOT_AGREED = 'secrets-not-agreed';

/** A machine as the cluster file addresses it; `port` only when the file says one. */
export interface MachineAddress {
  readonly host: string;
  readonly port?: number;
}

/** A host key that a known_hosts of the cluster file lists and the person's own files do not. */
export interface VouchedKey {
  readonly machine: MachineAddress;
  readonly keyType: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly fingerprint: string;
  /** The known_hosts, as a path of this machine. */
  readonly file: string;
}

/** What a person agreed to for one cluster file; texts and addresses only as hashes, never a secret. */
export interface AgreementRecord {
  /** One hash for each disclosure to one host. */
  readonly given: readonly string[];
  /** Host key (`SHA256:…`) by `host:port` of the cluster file, as it was when the host was given something. */
  readonly hostKeys: Readonly<Record<string, string>>;
}

/** Keeps the agreements of one cluster file where no repository can write. */
export interface Agreements {
  read(): Promise<AgreementRecord>;
  /** `change` gets what is kept now and gives what is to be kept. */
  update(change: (record: AgreementRecord) => AgreementRecord): Promise<void>;
}

/** Questions to the person at the keyboard; a CLI without a terminal answers undefined or 'reject'. */
export interface Prompter {
  confirmHostKey(question: HostKeyQuestion): Promise<'accept' | 'reject'>;
  askSecret(question: SecretQuestion): Promise<string | undefined>;
}

/** Something local that a cluster file gives to hosts, as a line of a question. */
export interface DisclosureItem {
  /** `secret "token"`, `file ~/x`, `SSH key ~/.ssh/id_ed25519` … */
  readonly what: string;
  /** The key of the cluster file that uses it. */
  readonly use: string;
  /** An SSH key: it signs, and nothing of it leaves. */
  readonly provesOnly: boolean;
  /** One-based lines of the cluster file. */
  readonly lines: readonly number[];
  /** The hosts, each with its address. */
  readonly to: readonly string[];
  /** Databases that are logged in to with it through these hosts. */
  readonly onward?: readonly string[];
  /** How the command line would allow it: `NAME=HOST,HOST`. */
  readonly allowance: string;
}

/** "These leave your machine, to these hosts: agreed?" */
export interface DisclosureQuestion {
  /** Label of the cluster file. */
  readonly file: string;
  readonly items: readonly DisclosureItem[];
  /** Host keys that nobody but a file of the cluster file vouches for: one line for each host, and how to allow them. */
  readonly hostKeys: readonly {
    readonly file: string;
    readonly lines: readonly string[];
    readonly allowance: string;
  }[];
  /** A host that was given something before and shows another key now. */
  readonly changedKey?: { readonly machine: string; readonly before: string; readonly now: string };
}

export interface HostKeyQuestion {
  readonly host: string;
  readonly port: number;
  readonly keyType: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly fingerprint: string;
  /** The person's known_hosts that an accepted key is written to; undefined when it is written nowhere. */
  readonly rememberedIn?: string;
  /** The known_hosts of the cluster file, when it lists this key and the person's own files do not. */
  readonly vouchedBy?: string;
}

export interface SecretQuestion {
  readonly kind: 'ssh-password' | 'key-passphrase' | 'sudo-password' | 'keyboard-interactive';
  /** Full sentence, e.g. "Password of ubuntu@10.0.0.11". */
  readonly prompt: string;
  /** Same id = same secret; asked once a run. */
  readonly id: string;
}

/** Brings install scripts to this machine. No text that they give holds user, password or query of an address. */
export interface InstallScripts {
  /**
   * What is at an address, within seconds and 1 MiB. Only https, also where it sends on to; `pinned` says that the caller
   * knows which sha256 the script must have: then an address that is not encrypted may be asked, too.
   */
  fetch(
    url: string,
    options: { readonly pinned: boolean; readonly signal?: AbortSignal },
  ): Promise<Result<FetchedScript, Problem>>;
  /** A file of this machine by its path in the cluster file. One that does not show that it leads out of the folder of that file stays in it. */
  read(path: string): Promise<Result<string, Problem>>;
}

export interface FetchedScript {
  readonly text: string;
  /** Where it was in the end, as it may be shown. */
  readonly finalUrl: string;
}

/** Code of the problem of {@link InstallScripts.fetch} when this machine cannot reach the address; hosts perhaps can. */
export const SCRIPT_UNREACHABLE = 'install-script-unreachable';

/** A binary of K3s that hosts are to get from this machine. */
export interface WantedBinary {
  readonly version: string;
  readonly architecture: Architecture;
  /** Address below which releases lie; may hold a user and a password. */
  readonly from: string;
  readonly signal?: AbortSignal;
  /** What has come of it so far, and of how much where that is known; not called when it was kept. */
  readonly onReceived?: (bytes: number, size: number | undefined) => void;
}

/** Brings files of releases to this machine, and keeps them. No text that it gives holds user, password or query of an address. */
export interface ReleaseFiles {
  /** The binary as the sha256 file beside it says. Only https, also where it sends on to. */
  binary(wanted: WantedBinary): Promise<Result<ByteInput, Problem>>;
}

/** An object of an S3 service that is wanted on this machine. */
export interface WantedObject {
  readonly url: string;
  readonly region: string;
  /** What the file is called here. */
  readonly name: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
  /** PEM text of the authorities that are believed; those of this machine without it. */
  readonly ca?: string;
  readonly checksCertificate: boolean;
  /** What it is known to have. */
  readonly size?: number;
  /** Another way to the service, where this machine has none. */
  readonly connect?: (host: string, port: number) => Promise<Result<ByteStream, Problem>>;
  readonly signal?: AbortSignal;
  readonly onReceived?: (bytes: number, size: number | undefined) => void;
}

/** Gets objects from S3 to a private file of this machine, whole or not at all. No text that it gives holds a key. */
export interface ObjectStores {
  /** The path of the file; it is there until {@link dispose}. */
  get(wanted: WantedObject): Promise<Result<string, Problem>>;
  /** Takes all that was got away again. */
  dispose(): Promise<void>;
}

/** A script that a cluster file has run on this machine, as it was read: exactly these bytes are meant. */
export interface LocalProgram {
  /** Its path, as the cluster file has it. */
  readonly name: string;
  readonly input: ByteInput;
}

export interface ProgramRun extends LocalProgram {
  /** What it gets beside a few variables of the person, such as HOME and PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Then it is ended with all that it has started. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Complete output lines as they come. */
  readonly onLine?: (line: string) => void;
}

/** Runs programs on this machine, without a shell. Asks nobody: use it through {@link ProgramDoor} only. */
export interface ProgramRunner {
  run(program: ProgramRun): Promise<Result<void, Problem>>;
}

/** The one way for a cluster file to have a program run on this machine: nothing runs before the person has agreed to exactly it. */
export interface ProgramDoor {
  /** Asks about those that were not agreed to yet. */
  admit(programs: readonly LocalProgram[]): Promise<Result<void, Problem>>;
  /** Runs a program that was admitted, and refuses any other. */
  run(program: ProgramRun): Promise<Result<void, Problem>>;
}

/** "These run on this computer, as you: agreed?" */
export interface ProgramQuestion {
  /** Label of the cluster file. */
  readonly file: string;
  readonly programs: readonly { readonly name: string; readonly sha256: string }[];
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
  /**
   * `own`: the person's own kubeconfig, whose credential programs are run and whose paths are opened as kubectl does.
   * `data` (default): made of what a host or a repository gave; anything but CA, certificate and key in it is refused.
   */
  readonly trust?: 'own' | 'data';
  /** Opens the TCP stream instead of dialling directly, e.g. through an SSH tunnel. */
  readonly connect?: () => Promise<Result<ByteStream, Problem>>;
}

export interface ClusterApi {
  /** GET /readyz and /version with the kubeconfig's identity: proves address, certificate names, CA and credentials. */
  verify(endpoint: ApiEndpoint, signal?: AbortSignal): Promise<Result<ApiVersion, Problem>>;
  listNodes(endpoint: ApiEndpoint, signal?: AbortSignal): Promise<Result<readonly unknown[], Problem>>;
  /** What workloads are judged by, read in pages; changes nothing. */
  listWorkloads(endpoint: ApiEndpoint, signal?: AbortSignal): Promise<Result<WorkloadList, Problem>>;
  /** Calls `onNodes` with the whole current list after every change until aborted; reconnects by itself and reports gaps. */
  watchNodes(
    endpoint: ApiEndpoint,
    onNodes: (nodes: readonly unknown[]) => void,
    onProblem: (problem: Problem) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Nodes as the API has them, and the rest as far as it matters to where pods may go. */
export interface WorkloadList extends Omit<SeenWorkloads, 'nodes'> {
  readonly nodes: readonly unknown[];
}

/** A port of a machine that speaks TLS with a certificate of the cluster. */
export interface MachineDoor {
  readonly address: string;
  readonly port: number;
  /** The identity of the kubeconfig is shown there, to a certificate of the API server only. */
  readonly withIdentity: boolean;
}

/** `opened`: over a new connection. `names`: what the certificate is made out to. */
export type DoorAnswer =
  | {
      readonly reached: 'answers';
      readonly status: number;
      readonly body: string;
      readonly opened: boolean;
      readonly names: readonly string[];
    }
  | { readonly reached: 'refused' | 'silent' | 'no-route' | 'closed' };

/** A sign of life; whatever was asked for it says nothing more. `ended`: when the connection that it came over ends. */
export type Knocked =
  | {
      readonly reached: 'answers';
      readonly opened: boolean;
      readonly names: readonly string[];
      readonly ended?: AbortSignal;
    }
  | Exclude<DoorAnswer, { readonly reached: 'answers' }>;

/** Asks the machines of a cluster themselves, over connections that stay open. Believes only the authority of the cluster. */
export interface MachineDoors {
  /** GET at one machine; what does not answer within the limit is silent. */
  ask(door: MachineDoor, path: string, limitMs: number): Promise<DoorAnswer>;
  /** Whether one machine lives, with as few bytes as its protocol allows: a PING, or GET of that path. */
  knock(door: MachineDoor, path: string, limitMs: number): Promise<Knocked>;
  /** GET at the API as it was reached, whoever answers there. */
  askApi(path: string, limitMs: number): Promise<DoorAnswer>;
  /** The same over a connection of its own, as every new client has. */
  askAnew(path: string, limitMs: number): Promise<DoorAnswer>;
  close(): Promise<void>;
}

export interface MachineDoorSource {
  openDoors(endpoint: ApiEndpoint): Promise<Result<MachineDoors, Problem>>;
}

/** Looks at a fixed address from this computer. Says nothing there that is secret. */
export interface AddressLook {
  /** `authority`: sha256 of the cluster's authority, where it is known. */
  look(question: AddressQuestion, authority: string | undefined, signal?: AbortSignal): Promise<AddressSight>;
}

export interface ApiVersion {
  readonly gitVersion: string;
}

/** A kubeconfig file on this machine, and whose it is. */
export interface KubeconfigPlace {
  readonly path: string;
  /** `own`: named by the person, outside the folders of the project. `foreign`: found in the project, so anybody's. */
  readonly origin: 'own' | 'foreign';
  /** Resolves a path in the file against the file's folder. */
  absolute(path: string): string;
}

/** Files on this machine. Symbolic links are followed only at paths that the person chose; elsewhere they are a failure. */
export interface Files {
  /** The text; undefined when there is no file. */
  read(path: string): Promise<string | undefined>;
  /** The last `bytes` of a file, beginning anywhere in a line; undefined when there is none. */
  readEnd(path: string, bytes: number): Promise<string | undefined>;
  /** Same-folder temporary file, fsync, rename; keeps the old mode; `mode` for a new file. */
  writeAtomic(path: string, text: string, mode: number): Promise<void>;
  /** Takes the rights of group and others away. Tells the modes if there were any; `undefined` for a private or missing file. */
  tighten(path: string): Promise<{ readonly from: number; readonly to: number } | undefined>;
  /** Appends one line to a file of our own, never through a link; creates it with 0600. */
  appendLine(path: string, line: string): Promise<void>;
  /** Runs `work` while holding an advisory lock beside `path`. */
  withLock<T>(path: string, work: () => Promise<T>): Promise<T>;
}

/** Who runs an operation, and from which process. */
export interface Operator {
  /** Whom others are told, e.g. `ada@laptop`; one line. */
  readonly name: string;
  readonly process: number;
  /** Whether a process of this machine runs. */
  isRunning(process: number): boolean;
}

/** Files that go to hosts as they are: archives, binaries, certificates. */
export interface ArtifactFolder {
  /**
   * Reads a file once to its end for size and sha256, and gives what a host gets of it, as often as it is asked for. The
   * path is the one of the cluster file; one that does not show that it leads out of the folder of that file stays in it, links
   * included. Folders, pipes and devices are a problem, and so are links at paths that the person did not choose. What
   * has changed since then ends the reading with an error.
   */
  open(path: string): Promise<Result<ByteInput, Problem>>;
  /**
   * The files that a path stands for whose last part may hold `*` and `?`, as paths for {@link open} in the order of their
   * names. Hidden files only when the pattern says so. That there is none is a problem.
   */
  list(pattern: string): Promise<Result<readonly string[], Problem>>;
}

/** Files of this machine that go to hosts, and what lies in its archives. */
export interface Artifacts extends ArtifactFolder {
  /**
   * What lies in a tar archive, packed or not, by paths that begin with that of the archive, as if it were a folder. The
   * archive is read once to its end, and nothing of it is unpacked to this machine. One that is damaged or cut off is a
   * problem, and so is one that holds anything but plain files and folders below its own top.
   */
  archive(path: string): Promise<Result<ArtifactFolder, Problem>>;
  /**
   * The names under which containerd imports the images of an archive, as the archive itself tells them. It is read once to
   * its end. That it cannot be read to there is the problem `archive-damaged`; one that is none, or tells no names, another.
   */
  imageNames(path: string, archive: ByteInput): Promise<Result<readonly string[], Problem>>;
}

/** What a PEM text tells of a certificate. */
export interface CertificateFacts {
  /** Milliseconds since 1970. */
  readonly begins: number;
  readonly ends: number;
  /** Whether it may prove a client; undefined when it says nothing of its uses, which allows all. */
  readonly forClients?: boolean;
}

/** Reads X.509, for which core and engine have no library. */
export interface Certificates {
  /** The first certificate of a PEM text; undefined when there is none that can be read. */
  read(pem: string): CertificateFacts | undefined;
  /** Whether a private key belongs to the first certificate; undefined when the key cannot be read, e.g. without its passphrase. */
  belongTogether(certificate: string, key: string): boolean | undefined;
}
