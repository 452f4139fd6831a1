import { problem, type Problem } from '../../core/base/problem';
import type { Path } from '../../core/base/path';
import { err, ok, type Result } from '../../core/base/result';
import { count } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { hostFiles, type HostFile } from '../../core/cluster/hostFiles';
import { nodesOf } from '../../core/cluster/roles';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { Artifacts, Certificates, Clock } from '../ports';
import type { LocalFile, LocalFiles, WantedFile } from './localFile';
import { tlsProblems } from './tlsFiles';

export interface LocalFileDependencies {
  readonly artifacts: Artifacts;
  readonly certificates: Certificates;
  readonly clock: Clock;
  /** One-based line of the cluster file on which something stands. */
  readonly lineOf: (path: Path) => number | undefined;
}

/** What is held in memory and looked into; larger than any certificate or manifest. */
const LARGEST = 2 ** 20;

/**
 * Reads every file that the cluster file sends to hosts, once, and tells what keeps them from being sent. The person has
 * to have agreed before.
 */
export async function readLocalFiles(
  cluster: Cluster,
  deps: LocalFileDependencies,
): Promise<{ readonly files: LocalFiles; readonly problems: readonly Problem[] }> {
  const files = new Map<string, LocalFile>();
  const problems: Problem[] = [];
  const wanted = wantedFiles(cluster);
  for (const file of wanted) {
    if (files.has(file.from)) continue;
    const read = await readLocalFile(file, deps);
    if (read.ok) files.set(file.from, read.value);
    else problems.push(read.error);
  }
  const now = deps.clock.now();
  problems.push(...tlsProblems(wanted, files, deps.certificates, now, (file) => asked(file, deps)));
  return { files, problems };
}

/** Each file once, with all hosts that get it. */
function wantedFiles(cluster: Cluster): readonly WantedFile[] {
  const found = new Map<string, { readonly file: HostFile; readonly hosts: string[] }>();
  for (const node of nodesOf(cluster)) {
    for (const file of hostFiles(cluster, node)) {
      const id = JSON.stringify([file.from, file.to]);
      const known = found.get(id) ?? { file, hosts: [] };
      known.hosts.push(node.id);
      found.set(id, known);
    }
  }
  return [...found.values()].map(({ file, hosts }) => ({ ...file, hosts }));
}

async function readLocalFile(file: WantedFile, deps: LocalFileDependencies): Promise<Result<LocalFile, Problem>> {
  const opened = await deps.artifacts.open(file.from);
  const refused = (why: string, ...nextSteps: readonly string[]): Result<never, Problem> =>
    err(problem('file-not-sendable', asked(file, deps), { why, nextSteps }));
  if (!opened.ok) {
    const { message, why, nextSteps } = opened.error;
    return refused(why === undefined ? message : `${message} ${why}`, ...nextSteps);
  }
  const { size } = opened.value;
  if (size === 0) return refused('It is empty.', 'Put the content into the file, or correct the path.');
  if (size > LARGEST)
    return refused(
      `It has ${(size / 2 ** 20).toFixed(1)} MiB, and what is sent here has at most ${LARGEST / 2 ** 20} MiB.`,
      'Check the path.',
    );
  try {
    const bytes = await bytesOf(opened.value);
    const input: ByteInput = { ...opened.value, open: () => inOnePiece(bytes) };
    const text = textOf(bytes);
    return ok(text === undefined ? { input } : { input, text });
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error), 'Try again when nothing writes to it.');
  }
}

/** `datastore.keyFile (line 17) sends ./certs/client.key to server-1 and 2 more hosts, which is not possible` */
function asked({ use, path, from, hosts }: WantedFile, { lineOf }: LocalFileDependencies): string {
  const line = lineOf(path);
  const [first = '', ...others] = hosts;
  const to = others.length === 0 ? first : `${first} and ${count(others.length, 'more host')}`;
  return `${use}${line === undefined ? '' : ` (line ${line})`} sends ${from} to ${to}, and that file cannot be used`;
}

async function bytesOf(input: ByteInput): Promise<Uint8Array> {
  const whole = new Uint8Array(input.size);
  let at = 0;
  for await (const piece of input.open()) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

/** The bytes as text, if they are UTF-8 without NUL characters. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
