import { createFiles } from '../../adapters/files/files';
import { saveKubeconfig } from '../../adapters/kubernetes/kubeconfigFile';
import { systemClock } from '../../adapters/system/clock';
import { sha256 } from '../../adapters/system/sha256';
import { shellWord } from '../../core/remote/shell';
import { conflicts } from '../../core/kubeconfig/conflicts';
import { leftOutNotice } from '../../core/kubeconfig/leftOut';
import { tightenedNotice } from '../../core/kubeconfig/saved';
import { fetchKubeconfig } from '../../engine/access/fetchKubeconfig';
import { rememberMerge, undoMerge, undoneWords } from '../../engine/access/undoMerge';
import type { Allowances } from '../allowances';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliApi, cliLog, kubeconfigTarget, undoPath } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { flag, oneOf, text } from '../option';
import { fail, printJson, tell } from '../output';
import { openSession } from '../session';
import { ALLOW_SECRETS, JSON_OUTPUT, VERBOSE } from '../sharedOptions';

const OPTIONS = {
  json: JSON_OUTPUT,
  output: text({ value: 'PATH', help: "a file of its own instead of kubectl's" }),
  'on-conflict': oneOf(['cancel', 'overwrite', 'keep-both'], {
    value: 'HOW',
    help: 'cancel, overwrite or keep-both when the file has another cluster by this name',
  }),
  undo: flag({ help: 'put the file back as it was before the last merge, unless it has changed since' }),
  'allow-secrets': ALLOW_SECRETS,
  verbose: VERBOSE,
};

export const kubeconfigCommand: Command<typeof OPTIONS> = {
  name: 'kubeconfig',
  argument: 'FILE',
  summary: 'fetch, verify and merge the kubeconfig',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha kubeconfig cluster.k3s.yaml', does: "merge it into kubectl's file" },
    { line: 'k3s-ha kubeconfig cluster.k3s.yaml --output ./edge.yaml', does: 'write it to a file of its own' },
    { line: 'k3s-ha kubeconfig cluster.k3s.yaml --undo', does: 'take the last merge back' },
  ],
  run: ([path], { undo, 'allow-secrets': allowed, 'on-conflict': onConflict, ...options }, signal) =>
    undo ? takeBack(path, options.json) : kubeconfig(path, { ...options, allowed, onConflict }, signal),
};

interface KubeconfigOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  /** A file of its own instead of kubectl's. */
  readonly output?: string;
  readonly onConflict: 'cancel' | 'overwrite' | 'keep-both';
  readonly allowed: Allowances;
}

/** Puts the kubeconfig back to what it was before its last merge. */
async function takeBack(path: string, json: boolean): Promise<ExitCode> {
  // The file that a merge wrote to is the person's own, also where it is a link; our own records never are.
  const record = undoPath(path);
  const undone = await undoMerge(record, { files: createFiles({ followLinks: (one) => one !== record }), sha256 });
  if (!undone.ok) return fail(undone.error);
  if (json) printJson(undone.value);
  else tell(undoneWords(undone.value));
  return EXIT.fine;
}

/** Fetches, proves, merges. */
async function kubeconfig(path: string, options: KubeconfigOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options.allowed, signal);
  const { hosts } = session;
  try {
    const fetched = await fetchKubeconfig(file.cluster, hosts, cliApi(log), signal);
    if (!fetched.ok) return fail(fetched.error);
    const { prepared } = fetched.value;
    if (signal.aborted) return EXIT.cancelled;
    const notice = leftOutNotice('The kubeconfig of the server', prepared.leftOut);
    if (notice !== undefined) log.warn(notice);
    const target = options.output ?? (await kubeconfigTarget(prepared));
    const files = createFiles({ followLinks: (path) => path === target });
    const clash = conflicts(await files.read(target), prepared);
    if (!clash.ok) return fail(clash.error);
    if (clash.value.length > 0 && options.onConflict === 'cancel') {
      tell(`${target} already has "${prepared.name}" of another cluster; nothing was written.`);
      for (const found of clash.value) tell(`  ${found.reason}`);
      tell('  Next: --on-conflict overwrite or --on-conflict keep-both.');
      return EXIT.failed;
    }
    const saved = await saveKubeconfig(
      files,
      target,
      prepared,
      options.onConflict === 'keep-both' ? 'keep-both' : 'overwrite',
      systemClock.now(),
      { selectIfNone: true, remember: (change) => rememberMerge(undoPath(path), change, { files, sha256 }) },
    );
    if (!saved.ok) return fail(saved.error);
    const tightened = tightenedNotice(saved.value);
    if (tightened !== undefined) log.warn(tightened);
    if (options.json)
      printJson({
        ...saved.value,
        leftOut: prepared.leftOut,
        server: prepared.server,
        apiVersion: fetched.value.apiVersion,
      });
    else {
      tell(
        `${saved.value.path}: context "${saved.value.contextName}" ${saved.value.change}, server ${prepared.server} answers (${fetched.value.apiVersion})${saved.value.backup === undefined ? '' : `, backup ${saved.value.backup}`}`,
      );
      const kubectl = [
        'kubectl',
        ...(options.output === undefined ? [] : ['--kubeconfig', saved.value.path]),
        '--context',
        saved.value.contextName,
        'get',
        'nodes',
      ];
      tell(`Use it: ${kubectl.map(shellWord).join(' ')}`);
    }
    return EXIT.fine;
  } finally {
    await session.dispose();
  }
}
