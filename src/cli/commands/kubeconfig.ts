import { createFiles } from '../../adapters/files/files';
import { saveKubeconfig } from '../../adapters/kubernetes/kubeconfigFile';
import { systemClock } from '../../adapters/system/clock';
import { shellWord } from '../../core/remote/shell';
import { conflicts } from '../../core/kubeconfig/conflicts';
import { leftOutNotice } from '../../core/kubeconfig/leftOut';
import { tightenedNotice } from '../../core/kubeconfig/saved';
import { fetchKubeconfig } from '../../engine/access/fetchKubeconfig';
import type { Allowances } from '../allowances';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliApi, cliLog, kubeconfigTarget } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { oneOf, text } from '../option';
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
  ],
  run: ([path], { 'allow-secrets': allowed, 'on-conflict': onConflict, ...options }, signal) =>
    kubeconfig(path, { ...options, allowed, onConflict }, signal),
};

interface KubeconfigOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  /** A file of its own instead of kubectl's. */
  readonly output?: string;
  readonly onConflict: 'cancel' | 'overwrite' | 'keep-both';
  readonly allowed: Allowances;
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
      { selectIfNone: true },
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
