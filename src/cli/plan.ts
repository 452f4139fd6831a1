import { sha256 } from '../adapters/system/sha256';
import { createFiles } from '../adapters/files/files';
import { shellWord } from '../core/remote/shell';
import { planText } from '../core/plan/planText';
import { preparePlan, type PreparedPlan } from '../engine/run/prepare';
import { unfinishedNotes } from '../engine/run/runOperation';
import type { Allowances } from './allowances';
import { cliLog, journalPath, readClusterFile, type ClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { fail, paint, printJson, printLines, tell } from './output';
import { openSession, type Session } from './session';

export interface PlanOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly parallel: number;
  /** What may go to hosts without a question. */
  readonly allowed: Allowances;
}

/** A file without errors, or the exit code that says what is wrong with it. */
export async function applicableFile(path: string, signal: AbortSignal): Promise<ClusterFile | ExitCode> {
  const read = await readClusterFile(path, signal);
  if (!read.ok) return fail(read.error, EXIT.usage);
  const errors = read.value.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length === 0) return read.value;
  tell(
    paint(
      'red',
      `${path} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; the first: ${errors[0]?.message}`,
    ),
  );
  tell(`  Next: k3s-ha lint ${shellWord(path)}`);
  return EXIT.findings;
}

/** Examines the hosts of a file and computes the plan, telling progress on standard error. */
export async function prepareFile(
  file: ClusterFile,
  { hosts, secrets }: Session,
  parallel: number,
  signal: AbortSignal,
): Promise<PreparedPlan> {
  const count = file.cluster.servers.length + file.cluster.agents.length;
  tell(paint('dim', `Examining ${count} ${count === 1 ? 'host' : 'hosts'} …`));
  const prepared = await preparePlan(file.cluster, { hosts, secrets, sha256, parallel }, { signal });
  const notes = await unfinishedNotes(createFiles({ followLinks: () => false }), journalPath(file.path));
  return { ...prepared, plan: { ...prepared.plan, notes: [...notes, ...prepared.plan.notes] } };
}

/** `k3s-ha plan FILE`: what would happen. Ends with 0 when nothing would change. */
export async function plan(path: string, options: PlanOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options.allowed, signal);
  try {
    const { plan: result } = await prepareFile(file, session, options.parallel, signal);
    if (signal.aborted) return EXIT.cancelled;
    if (options.json)
      printJson({
        cluster: result.clusterName,
        steps: result.steps.map(({ action, ...step }) => ({ ...step, action: action.type })),
        problems: result.problems,
        notes: result.notes,
      });
    else printLines(planText(result));
    if (result.problems.length > 0) return EXIT.notReady;
    return result.steps.length > 0 ? EXIT.changes : EXIT.fine;
  } finally {
    await session.dispose();
  }
}
