import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { createFiles } from '../adapters/files/files';
import { chosenKubeconfig, kubeconfigPlaces } from '../adapters/kubernetes/kubeconfigPlaces';
import { loadKubernetes } from '../adapters/lazy';
import { sha256 } from '../adapters/system/sha256';
import { problem, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import type { ClusterDocument } from '../core/document/clusterDocument';
import { parseInSteps } from '../core/document/parse';
import { chooseTarget, targets } from '../core/kubeconfig/targets';
import type { PreparedKubeconfig } from '../core/kubeconfig/prepare';
import type { RuleLevels } from '../core/language/control';
import { inspectInSteps, type Diagnostic } from '../core/language/validate';
import type { Cluster } from '../core/cluster/cluster';
import type { Finding } from '../core/rules/rule';
import type { FileVersion } from '../core/plan/runRecord';
import type { ClusterApi, ObjectApi, KubeconfigPlace, Log } from '../engine/ports';
import { unlessCancelled } from './interrupt';
import { paint, tellLines } from './output';

const MEGABYTE = 1_000_000;
/** In bytes; of a text with more than a million characters nothing is read anyway. */
const LARGEST_FILE = 5 * MEGABYTE;

/** A cluster file as the command line works with it. */
export interface ClusterFile {
  /** As given. */
  readonly path: string;
  readonly text: string;
  readonly document: ClusterDocument;
  readonly cluster: Cluster;
  readonly diagnostics: readonly Diagnostic[];
  /** Those of the rules. */
  readonly findings: readonly Finding[];
}

/** Reads and checks a cluster file, with pauses in which signals arrive. */
export async function readClusterFile(
  path: string,
  signal: AbortSignal,
  levels: RuleLevels = {},
): Promise<Result<ClusterFile, Problem>> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE)
      return err(
        problem(
          'file-too-large',
          `${path} has ${Math.ceil(size / MEGABYTE)} MB; a cluster file has at most ${LARGEST_FILE / MEGABYTE} MB.`,
          { nextSteps: ['Check the path.'] },
        ),
      );
    text = await readFile(path, { encoding: 'utf8', signal });
  } catch (error) {
    if (signal.aborted) return err(cancelled(path));
    return err(
      problem('file-unreadable', `${path} cannot be read`, {
        why: error instanceof Error ? error.message : String(error),
        nextSteps: ['Check the path.'],
      }),
    );
  }
  const document = await unlessCancelled(parseInSteps(text), signal);
  const inspection =
    document === undefined ? undefined : await unlessCancelled(inspectInSteps(document, { levels }), signal);
  return document === undefined || inspection === undefined
    ? err(cancelled(path))
    : ok({ path, text, document, ...inspection });
}

function cancelled(path: string): Problem {
  return problem('cancelled', `${path} was not checked: cancelled`);
}

/** Messages on standard error; `verbose` adds what the hosts print. */
export function cliLog(verbose: boolean): Log {
  const quiet = (): void => undefined;
  return {
    trace: quiet,
    debug: verbose ? (message) => tellLines(paint('dim', message)) : quiet,
    info: verbose ? (message) => tellLines(message) : quiet,
    warn: (message) => tellLines(paint('yellow', message)),
    error: (message) => tellLines(paint('red', message)),
  };
}

export function cliApi(log: Log): ClusterApi & ObjectApi {
  return loadKubernetes().createClusterApi({ log });
}

/** Where runs on this file are written down. */
export function journalPath(path: string): string {
  return join(stateFolder(), `${stateName(path)}.jsonl`);
}

/** Where the last merge of this file's kubeconfig is written down. */
export function undoPath(path: string): string {
  return join(stateFolder(), 'merges', `${stateName(path)}.json`);
}

/** Where the records of runs on this file are kept. */
export function recordsPath(path: string): string {
  return join(stateFolder(), 'records', `${stateName(path)}.jsonl`);
}

export function fileVersion({ path, text }: ClusterFile): FileVersion {
  return { name: basename(path), sha256: sha256(text) };
}

/** Where the answers about what this file gives to hosts are remembered. */
export function agreementsPath(path: string): string {
  return join(stateFolder(), 'agreements', `${stateName(path)}.json`);
}

/** Binaries of K3s that this machine has got for hosts. */
export function releasesFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'k3s-ha', 'releases');
}

/** Where what comes from S3 lies while it is needed. */
export function objectsFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'k3s-ha', 'objects');
}

function stateFolder(): string {
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'k3s-ha');
}

/** Two files of one name in two folders keep apart. */
function stateName(path: string): string {
  return `${basename(path)}-${sha256(resolve(path)).slice(0, 12)}`;
}

/** The kubeconfig files that kubectl would read. */
function kubeconfigPaths(): readonly string[] {
  return targets(process.env['KUBECONFIG'], delimiter, homedir());
}

/** Those files as what they are: the person's own, because kubectl is told to read them. */
export function ownKubeconfigs(): readonly KubeconfigPlace[] {
  return kubeconfigPaths().map(chosenKubeconfig);
}

/** The kubeconfig files to look for the context of the cluster file `path`: `chosen` by the person, else kubectl's. */
export async function kubeconfigSources(path: string, chosen: string | undefined): Promise<readonly KubeconfigPlace[]> {
  return chosen === undefined
    ? kubeconfigPlaces(kubeconfigPaths(), [dirname(resolve(path))])
    : [chosenKubeconfig(chosen)];
}

/** The kubeconfig file that kubectl would write this access to. */
export async function kubeconfigTarget(prepared: PreparedKubeconfig): Promise<string> {
  const files = createFiles({ followLinks: () => true });
  const [first, ...rest] = await Promise.all(
    kubeconfigPaths().map(async (path) => ({ path, text: await files.read(path) })),
  );
  return first === undefined ? join(homedir(), '.kube', 'config') : chooseTarget([first, ...rest], prepared);
}
