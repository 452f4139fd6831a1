import { createFiles } from '../../adapters/files/files';
import { systemClock } from '../../adapters/system/clock';
import { formatProblem } from '../../core/base/problem';
import type { Step } from '../../core/plan/step';
import { planText } from '../../core/plan/planText';
import { timingsOf, type Timings } from '../../core/plan/timings';
import { timingsText } from '../../core/plan/timingsText';
import type { RunEvent, RunReport } from '../../core/plan/events';
import { mainProblem, runOperation } from '../../engine/run/runOperation';
import { operator } from '../../adapters/system/operator';
import { sha256 } from '../../adapters/system/sha256';
import { tellAddressFaults } from '../addressFaults';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliLog, journalPath } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { flag, positive } from '../option';
import { paint, printJson, printLines, tell, tellLines } from '../output';
import { question } from '../questions';
import { openSession } from '../session';
import { ALLOW_PROGRAMS, ALLOW_SECRETS, JSON_OUTPUT, PARALLEL, VERBOSE } from '../sharedOptions';
import { prepareFile, type PlanOptions } from './plan';

const OPTIONS = {
  yes: flag({ short: 'y', help: 'carry the plan out without a question' }),
  json: JSON_OUTPUT,
  'allow-secrets': ALLOW_SECRETS,
  'allow-programs': ALLOW_PROGRAMS,
  verbose: VERBOSE,
  parallel: PARALLEL,
  timings: flag({ help: 'show where the time of the run went' }),
  'start-timeout': positive({
    value: 'S',
    preset: '600',
    of: 'a number of seconds',
    help: 'seconds that K3s may take to start on a host',
  }),
};

export const applyCommand: Command<typeof OPTIONS> = {
  name: 'apply',
  argument: 'FILE',
  summary: 'plan, ask, and carry it out',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha apply cluster.k3s.yaml', does: 'show the plan, ask, carry it out' },
    {
      line: 'k3s-ha apply cluster.k3s.yaml --yes --allow-secrets edge-token=10.0.0.11,10.0.0.12,10.0.0.13',
      does: 'in a pipeline, where nobody answers questions',
    },
  ],
  run: (
    [path],
    { 'allow-secrets': allowed, 'allow-programs': programs, 'start-timeout': seconds, ...options },
    signal,
  ) => apply(path, { ...options, allowed, programs, startTimeoutMs: seconds * 1000 }, signal),
};

interface ApplyOptions extends PlanOptions {
  /** Do not ask. */
  readonly yes: boolean;
  readonly timings: boolean;
  readonly startTimeoutMs: number;
}

/** Plans, asks, carries out. */
async function apply(path: string, options: ApplyOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options.allowed, signal, options.programs);
  const { hosts } = session;
  try {
    const prepared = await prepareFile(file, session, options.parallel, signal);
    const { plan } = prepared;
    if (signal.aborted) return EXIT.cancelled;
    if (!options.json) printLines(planText(plan));
    if (plan.problems.length > 0) {
      if (options.json) printJson({ result: 'not-ready', problems: plan.problems });
      return EXIT.notReady;
    }
    // When nothing has to be changed, nobody has to be asked: the run only proves that the nodes are Ready.
    if (plan.steps.length > 0 && !options.yes && !(await confirmed(signal))) return EXIT.cancelled;
    const steps = new Map(plan.steps.map((step) => [step.id, step]));
    const onEvent = options.json
      ? (event: RunEvent) => printJson(event, 0)
      : (event: RunEvent) => show(event, steps, options.verbose);
    const report = await runOperation(
      prepared,
      file.cluster,
      {
        hosts,
        secrets: session.secrets,
        programs: session.programs,
        sha256,
        clock: systemClock,
        operator: operator(),
        files: createFiles({ followLinks: () => false }),
        log,
        parallel: options.parallel,
        startTimeoutMs: options.startTimeoutMs,
        journalPath: journalPath(path),
      },
      onEvent,
      signal,
    );
    if (options.timings) tellTimings(timingsOf(plan.steps, report, options.parallel), options.json);
    const code = finish(report, plan.machines.length, options.json);
    if (code === EXIT.fine) await tellAddressFaults(file.cluster, session, options.parallel, signal);
    return code;
  } finally {
    await session.dispose();
  }
}

function tellTimings(timings: Timings, json: boolean): void {
  if (!json) return tellLines(timingsText(timings).join('\n'));
  const pace = timings.pace.map(({ step, ...times }) => ({ step: step.id, ...times }));
  printJson({ type: 'timings', ...timings, pace }, 0);
}

async function confirmed(signal: AbortSignal): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    tell('Nothing was changed: there is no terminal to confirm on. Use --yes to apply without a question.');
    return false;
  }
  return /^y(es)?$/i.test((await question('Carry out this plan (yes/no)? ', signal)).trim());
}

function show(event: RunEvent, steps: ReadonlyMap<string, Step>, verbose: boolean): void {
  const host = paint('bold', event.node.padEnd(Math.max(...[...steps.values()].map((step) => step.about.length))));
  switch (event.type) {
    case 'output':
      if (verbose) tell(host, '  ', paint('dim', event.line));
      return;
    case 'progress':
      return tell(host, '  ', paint('dim', event.message));
    case 'step': {
      const title = steps.get(event.step)?.says.title ?? event.step;
      const seconds = event.durationMs === undefined ? '' : paint('dim', ` ${(event.durationMs / 1000).toFixed(1)} s`);
      if (event.state === 'running') return;
      const mark = event.state === 'done' ? paint('green', '✓') : paint('red', '✗');
      tell(host, '  ', mark, ` ${title}${event.state === 'done' ? '' : ` (${event.state})`}`, seconds);
      if (event.problem !== undefined) tellLines(paint('red', formatProblem(event.problem)));
    }
  }
}

function finish(report: RunReport, nodes: number, json: boolean): ExitCode {
  const seconds = (report.wallMs / 1000).toFixed(1);
  if (json) printJson({ result: report.result, problems: report.problems, wallMs: report.wallMs });
  if (report.result === 'done') {
    if (!json) tell(paint('green', `Done: ${nodes} nodes Ready after ${seconds} s.`));
    return EXIT.fine;
  }
  if (report.result === 'cancelled') {
    tell(
      paint(
        'yellow',
        'Cancelled. What is done stays done, and a command that was running may go on on its host; run the same command again to finish.',
      ),
    );
    return EXIT.cancelled;
  }
  const found = mainProblem(report);
  tell(
    paint(
      'red',
      `Failed after ${seconds} s${found === undefined ? '' : `: ${found.message}`}. Run the same command again when the cause is removed; it goes on where it stopped.`,
    ),
  );
  return EXIT.failed;
}
