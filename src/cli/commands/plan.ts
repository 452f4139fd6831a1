import { planText } from '../../core/plan/planText';
import { operationById } from '../../engine/operations/registry';
import type { Allowances } from '../allowances';
import { applicableFile } from '../applicableFile';
import type { ProgramAllowances } from '../programAllowances';
import type { Command } from '../command';
import { cliLog } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { printJson, printLines } from '../output';
import { prepareFile } from '../prepareFile';
import { openSession } from '../session';
import { ALLOW_PROGRAMS, ALLOW_SECRETS, JSON_OUTPUT, PARALLEL, VERBOSE } from '../sharedOptions';

const OPTIONS = {
  json: JSON_OUTPUT,
  'allow-secrets': ALLOW_SECRETS,
  'allow-programs': ALLOW_PROGRAMS,
  verbose: VERBOSE,
  parallel: PARALLEL,
};

export const planCommand: Command<typeof OPTIONS> = {
  name: 'plan',
  argument: 'FILE',
  summary: 'examine the hosts and show what would happen',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha plan cluster.k3s.yaml', does: 'what would happen; nothing is changed' },
    { line: 'k3s-ha plan cluster.k3s.yaml --json', does: 'steps, problems and notes for a program' },
  ],
  run: ([path], { 'allow-secrets': allowed, 'allow-programs': programs, ...options }, signal) =>
    plan(path, { ...options, allowed, programs }, signal),
};

interface PlanOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly parallel: number;
  /** What may go to hosts without a question. */
  readonly allowed: Allowances;
  /** What may run on this computer without a question. */
  readonly programs: ProgramAllowances;
}

/** What would happen. Ends with 0 when nothing would change. */
async function plan(path: string, options: PlanOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options.allowed, signal, options.programs);
  try {
    const { plan: result } = await prepareFile(file, session, options.parallel, signal, {
      operation: operationById('provision'),
      intent: {},
    });
    if (signal.aborted) return EXIT.cancelled;
    if (options.json)
      printJson({
        cluster: result.clusterName,
        steps: result.steps,
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
