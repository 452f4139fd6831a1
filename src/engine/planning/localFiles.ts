import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Path } from '../../core/base/path';
import { err, ok, type Result } from '../../core/base/result';
import { count } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { hostFiles, type HostFileKind } from '../../core/cluster/hostFiles';
import { nodesOf } from '../../core/cluster/roles';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { Artifacts, Certificates, Clock } from '../ports';
import { readAirgapFolder } from './airgapFolder';
import type { LocalFile, LocalFiles, WantedFile } from './localFile';
import { contentFault, secretsIn } from './fileContent';
import { tlsProblems } from './tlsFiles';

export interface LocalFileDependencies {
  readonly artifacts: Artifacts;
  readonly certificates: Certificates;
  readonly clock: Clock;
  /** One-based line of the cluster file on which something stands. */
  readonly lineOf: (path: Path) => number | undefined;
}

const MIB = 2 ** 20;
/** What is held in memory and looked into: larger than any certificate or manifest. */
const HELD = MIB;
/** What `files` may send; every look at a host reads it there once more. */
const LARGEST: Partial<Record<HostFileKind, number>> = { file: 16 * MIB };

export interface ReadFiles extends LocalFiles {
  readonly problems: readonly Problem[];
  /** Secrets that stand in them and that are masked in whatever is told. */
  readonly masks: readonly string[];
}

/**
 * Reads every file that the cluster file sends to hosts, once, and tells what keeps them from being sent. The person has
 * to have agreed before.
 */
export async function readLocalFiles(cluster: Cluster, deps: LocalFileDependencies): Promise<ReadFiles> {
  const files = new Map<string, LocalFile>();
  const listed = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  const wanted: WantedFile[] = [];
  for (const file of namedFiles(cluster)) {
    if (file.kind !== 'manifest') {
      wanted.push(file);
      continue;
    }
    const found = await deps.artifacts.list(file.from);
    if (!found.ok) problems.push(refusal(file, found.error, deps));
    else listed.set(file.from, found.value);
    if (found.ok) wanted.push(...found.value.map((from) => ({ ...file, from })));
  }
  for (const file of wanted) {
    const known = files.get(file.from);
    const read = known === undefined ? await readLocalFile(file, deps) : ok(known);
    const fault = read.ok ? contentFault(file, read.value) : undefined;
    if (!read.ok) problems.push(read.error);
    else if (fault === undefined) files.set(file.from, read.value);
    else
      problems.push(problem('file-not-sendable', asked(file, deps), { why: fault.why, nextSteps: [fault.nextStep] }));
  }
  const local = { files, listed };
  const now = deps.clock.now();
  const airgap = await readAirgapFolder(cluster, deps);
  if (airgap?.ok === false) problems.push(airgap.error);
  problems.push(...tlsProblems(wanted, local, deps.certificates, now, (file) => asked(file, deps)));
  const masks = wanted.flatMap((file) => secretsIn(file, files.get(file.from)));
  return { ...local, problems, masks, ...(airgap?.ok === true ? { airgap: airgap.value } : {}) };
}

/** Each file or pattern once, with all hosts that get it. */
function namedFiles(cluster: Cluster): readonly WantedFile[] {
  const found = new Map<string, WantedFile & { readonly hosts: string[] }>();
  for (const node of nodesOf(cluster)) {
    for (const { source, kind, mode, use, path, to } of hostFiles(cluster, node)) {
      if (source.kind !== 'local') continue;
      const id = JSON.stringify([source.from, to, path]);
      const known = found.get(id) ?? { from: source.from, kind, mode, use, path, hosts: [] };
      known.hosts.push(node.id);
      found.set(id, known);
    }
  }
  const hosts = nodesOf(cluster).map(({ id }) => id);
  const hooks = (cluster.hooks ?? []).map(({ run, path }): WantedFile => {
    return { from: run, kind: 'hook', mode: '0700', use: 'hooks', path, hosts };
  });
  return [...found.values(), ...hooks];
}

async function readLocalFile(file: WantedFile, deps: LocalFileDependencies): Promise<Result<LocalFile, Problem>> {
  const opened = await deps.artifacts.open(file.from);
  const refused = (why: string, ...nextSteps: readonly string[]): Result<never, Problem> =>
    err(problem('file-not-sendable', asked(file, deps), { why, nextSteps }));
  if (!opened.ok) return err(refusal(file, opened.error, deps));
  const largest = LARGEST[file.kind] ?? HELD;
  const { size } = opened.value;
  if (size === 0) return refused(say`It is empty.`, say`Put the content into the file, or correct the path.`);
  if (size > largest)
    return refused(
      say`It has ${(size / MIB).toFixed(1)} MiB, and what is sent here has at most ${largest / MIB} MiB.`,
      say`Check the path.`,
    );
  if (size > HELD) return ok({ input: opened.value });
  try {
    const bytes = await bytesOf(opened.value);
    const input: ByteInput = { ...opened.value, open: () => inOnePiece(bytes) };
    const text = textOf(bytes);
    return ok(text === undefined ? { input } : { input, text });
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error), say`Try again when nothing writes to it.`);
  }
}

function refusal(file: WantedFile, cause: Problem, deps: LocalFileDependencies): Problem {
  const { message, why, nextSteps } = cause;
  const whole = why === undefined ? message : `${message} ${why}`;
  return problem('file-not-sendable', asked(file, deps), { why: whole, nextSteps });
}

/** `datastore.keyFile (line 17) sends ./certs/client.key to server-1 and 2 more hosts, which is not possible` */
function asked({ kind, use, path, from, hosts }: WantedFile, { lineOf }: LocalFileDependencies): string {
  const line = lineOf(path);
  const where = `${use}${line === undefined ? '' : say` (line ${line})`}`;
  if (kind === 'hook') return say`${where} runs ${from}, and that file cannot be used`;
  const [first = '', ...others] = hosts;
  const to = others.length === 0 ? first : say`${first} and ${count(others.length, 'more host')}`;
  return say`${where} sends ${from} to ${to}, and that file cannot be used`;
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
