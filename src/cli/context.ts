import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createFiles } from '../adapters/files/files';
import { chosenKubeconfig, kubeconfigPlaces } from '../adapters/kubernetes/kubeconfigPlaces';
import { loadKubernetes } from '../adapters/lazy';
import { sha256 } from '../adapters/system/sha256';
import { problem, type Problem } from '../core/base/problem';
import { printableLine } from '../core/base/printable';
import { err, ok, type Result } from '../core/base/result';
import type { ClusterDocument } from '../core/document/clusterDocument';
import { parseDocument } from '../core/document/parse';
import { chooseTarget, targets } from '../core/kubeconfig/targets';
import type { PreparedKubeconfig } from '../core/kubeconfig/prepare';
import type { RuleLevels } from '../core/language/control';
import { validate, type Diagnostic } from '../core/language/validate';
import { normalise } from '../core/spec/normalise';
import type { Cluster } from '../core/spec/cluster';
import type { ClusterApi, KubeconfigPlace, Log, Prompter } from '../engine/ports';
import { paint, prompt, tell, tellLines } from './output';

/** A cluster file as the command line works with it. */
export interface ClusterFile {
  /** As given. */
  readonly path: string;
  readonly text: string;
  readonly document: ClusterDocument;
  readonly cluster: Cluster;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks a cluster file. */
export function readClusterFile(path: string, levels: RuleLevels = {}): Result<ClusterFile, Problem> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return err(problem('file-unreadable', `${path} cannot be read`, { why: error instanceof Error ? error.message : String(error), nextSteps: ['Check the path.'] }));
  }
  const document = parseDocument(text);
  return ok({ path, text, document, cluster: normalise(document.data), diagnostics: validate(text, { levels }) });
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

/** Whether there is a person to ask. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on the terminal; without one every question is answered with no. */
export function terminalPrompter(): Prompter {
  const interactive = isTerminal();
  return {
    async confirmHostKey({ host, port, keyType, fingerprint, rememberedIn, vouchedBy }) {
      if (!interactive) return 'reject';
      tell(`The authenticity of ${port === 22 ? host : `[${host}]:${port}`} is not known yet.`);
      tell(`${keyType} key fingerprint: ${fingerprint}`);
      if (vouchedBy !== undefined) tell(`This key is listed in ${vouchedBy}, which the cluster file names.`);
      return (await question(rememberedIn === undefined ? 'Connect (yes/no)? ' : `Connect and remember the key in ${rememberedIn} (yes/no)? `)).trim().toLowerCase() === 'yes' ? 'accept' : 'reject';
    },
    async askSecret({ prompt }) {
      return interactive ? hiddenQuestion(`${prompt}: `) : undefined;
    },
  };
}

export async function question(text: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(printableLine(text));
  } finally {
    lines.close();
  }
}

/** Reads a line without showing it. */
async function hiddenQuestion(text: string): Promise<string | undefined> {
  prompt(text);
  process.stdin.setRawMode(true);
  process.stdin.resume();
  let typed = '';
  const answer = await new Promise<string | undefined>((resolve) => {
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') return done(typed);
        if (character === '\u0003') return done(undefined);
        typed = character === '\u007f' ? typed.slice(0, -1) : typed + character;
      }
    };
    const done = (value: string | undefined): void => {
      process.stdin.off('data', onData);
      resolve(value);
    };
    process.stdin.on('data', onData);
  });
  process.stdin.setRawMode(false);
  process.stdin.pause();
  tell();
  return answer;
}

export function cliApi(log: Log): ClusterApi {
  return loadKubernetes().createClusterApi({ log });
}

/** Where runs on this file are written down. */
export function journalPath(path: string): string {
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return join(state, 'k3s-ha', `${basename(path)}-${sha256(resolve(path)).slice(0, 12)}.jsonl`);
}

/** The kubeconfig files that kubectl would read. */
function kubeconfigPaths(): readonly string[] {
  return targets(process.env['KUBECONFIG'], delimiter, homedir());
}

/** The kubeconfig files to look for the context of the cluster file `path`: `chosen` by the person, else kubectl's. */
export async function kubeconfigSources(path: string, chosen: string | undefined): Promise<readonly KubeconfigPlace[]> {
  return chosen === undefined ? kubeconfigPlaces(kubeconfigPaths(), [dirname(resolve(path))]) : [chosenKubeconfig(chosen)];
}

/** The kubeconfig file that kubectl would write this access to. */
export async function kubeconfigTarget(prepared: PreparedKubeconfig): Promise<string> {
  const files = createFiles({ followLinks: () => true });
  const [first, ...rest] = await Promise.all(kubeconfigPaths().map(async (path) => ({ path, text: await files.read(path) })));
  return first === undefined ? join(homedir(), '.kube', 'config') : chooseTarget([first, ...rest], prepared);
}
