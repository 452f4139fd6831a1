import { createFiles } from '../../adapters/files/files';
import { systemClock } from '../../adapters/system/clock';
import { err, ok } from '../../core/base/result';
import { listed } from '../../core/base/words';
import { podName } from '../../core/health/disruption';
import { chosenFailure } from '../../core/workloads/failures';
import { fateSentence } from '../../core/workloads/fateWords';
import { judgementLines, type JudgementLine } from '../../core/workloads/judgementText';
import { judgeFailure, judgeWorkloads, type WorkloadsJudgement } from '../../core/workloads/judgeWorkloads';
import { curableAddons, cureOf, singleAddons } from '../../core/workloads/packagedAddons';
import type { ReadWorkloads } from '../../core/workloads/seenWorkloads';
import { findAccess } from '../../engine/access/findAccess';
import { reachApi } from '../../engine/access/reachApi';
import { readWorkloads } from '../../engine/workloads/readWorkloads';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliApi, cliLog, kubeconfigSources, type ClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { failedParts } from '../failedParts';
import { text, type Option, type ValuesOf } from '../option';
import { fail, paint, print, printFile, printJson, printWrapped, tell } from '../output';
import { openSession } from '../session';
import { ALLOW_SECRETS, JSON_OUTPUT, VERBOSE, WITHOUT } from '../sharedOptions';

const CURE: Option<string | undefined> = {
  value: 'ADDON',
  words: curableAddons(),
  help: `print a manifest of your own that keeps two pods of ${curableAddons().join(' or ')}; asks nobody`,
  read(written, option) {
    const name = written.at(-1);
    if (name === undefined || curableAddons().includes(name)) return ok(name);
    return err(`${option} is ${curableAddons().join(' or ')}; "${name}" is not that.`);
  },
};

const OPTIONS = {
  json: JSON_OUTPUT,
  without: WITHOUT,
  cure: CURE,
  kubeconfig: text({ value: 'PATH', help: "this kubeconfig instead of kubectl's" }),
  'allow-secrets': ALLOW_SECRETS,
  verbose: VERBOSE,
};

export const workloadsCommand: Command<typeof OPTIONS> = {
  name: 'workloads',
  argument: 'FILE',
  summary: 'say which workloads of the running cluster stop with which node or zone, why, and what holds a drain up',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha workloads cluster.k3s.yaml', does: 'each node and zone with what stops without it' },
    {
      line: 'k3s-ha workloads cluster.k3s.yaml --without server-1,zone:rack-b',
      does: 'what stops when these fail together',
    },
    {
      line: 'k3s-ha workloads cluster.k3s.yaml --cure coredns > coredns-two-pods.yaml',
      does: 'a manifest for "manifests:" that keeps two pods of the cluster DNS',
    },
  ],
  run: ([path], options, signal) => workloads(path, options, signal),
};

async function workloads(path: string, options: ValuesOf<typeof OPTIONS>, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal, 'take away');
  if (typeof file === 'number') return file;
  const cure = options.cure === undefined ? undefined : cureOf(options.cure);
  if (cure !== undefined) {
    printFile(cure.manifest);
    tell(
      paint('dim', `As ${cure.file}, named under manifests: in ${path}, it goes to the servers with the next apply.`),
    );
    return EXIT.fine;
  }
  const parts = failedParts(file.cluster, options.without);
  if (!parts.ok) return fail(parts.error, EXIT.usage);
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options['allow-secrets'], signal);
  try {
    const sources = {
      files: createFiles({ followLinks: () => true }),
      places: await kubeconfigSources(path, options.kubeconfig),
      hosts: session.hosts,
      warn: (message: string) => log.warn(message),
    };
    const access = await findAccess(file.cluster, sources, signal);
    if (!access.ok) return fail(access.error);
    const api = cliApi(log);
    const reached = await reachApi(file.cluster, access.value, api, session.hosts, signal);
    if (!reached.ok) return fail(reached.error);
    const read = await readWorkloads(reached.value.endpoint, { api, clock: systemClock }, signal);
    if (!read.ok) return fail(read.error);
    const judged = judgedFor(file, read.value, parts.value, options.without);
    if (options.json) printJson(asJson(file, judged, options.without));
    else show(judged);
    return EXIT.fine;
  } finally {
    await session.dispose();
  }
}

/** Each node and zone, or what was chosen as one failure. */
function judgedFor(
  { cluster }: ClusterFile,
  { seen, live }: ReadWorkloads,
  parts: readonly string[],
  words: readonly string[],
): WorkloadsJudgement {
  if (parts.length === 0) return judgeWorkloads(cluster, seen, live);
  const failure = { ...chosenFailure(cluster, live, parts), label: listed(words) };
  return { failures: [judgeFailure(seen, failure)], single: singleAddons(seen), pods: seen.pods.length };
}

const COLORS = { bad: 'red', warning: 'yellow' } as const;

function show(judged: WorkloadsJudgement): void {
  for (const { level, text: words } of judgementLines(judged)) printOne(level, words);
}

function printOne(level: JudgementLine['level'], words: string): void {
  if (level === 'head') print(paint('bold', words));
  else printWrapped(4, '  ', level === 'plain' ? words : paint(COLORS[level], words));
}

function asJson({ path, cluster }: ClusterFile, judged: WorkloadsJudgement, without: readonly string[]): unknown {
  return {
    file: path,
    cluster: cluster.name,
    pods: judged.pods,
    without,
    failures: judged.failures.map(({ failure, fates, kept, moving }) => ({
      parts: failure.parts,
      label: failure.label,
      kind: failure.kind,
      nodes: [...failure.nodes],
      pods: moving,
      workloads: fates.map((fate) => ({ ...fate, words: fateSentence(fate) })),
      holdUpDrain: kept.map(({ why, pods }) => ({ why, pods: pods.map(podName) })),
    })),
    singleAddons: judged.single.map(({ name, node, lack }) => ({ name, node, lack })),
  };
}
