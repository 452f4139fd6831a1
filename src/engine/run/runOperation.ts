import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import type { RunEvent, RunReport } from '../../core/plan/events';
import type { Step } from '../../core/plan/step';
import type { Downloads, Files, Log, Operator } from '../ports';
import { copySnapshot } from '../snapshots/copySnapshot';
import { acquireLease } from './lease';
import { runMask } from './mask';
import { prepareAgain, type LookDependencies, type PreparedPlan } from './prepare';
import { stepRunner, type RunnerDependencies } from './runner';
import { fileRunLog } from './runLog';
import { keepRecord, type RecordDependencies, type RunRecordKeeper } from './runRecords';
import { schedule } from './schedule';

export interface RunDependencies
  extends
    LookDependencies,
    Pick<RunnerDependencies, 'artifacts' | 'kinds' | 'programs' | 'handshakes' | 'drill'>,
    Pick<RecordDependencies, 'recordsPath' | 'fileVersion'> {
  readonly files: Files;
  /** Without it no snapshot comes to this computer. */
  readonly downloads?: Downloads;
  readonly log: Log;
  readonly startTimeoutMs: number;
  /** The run log. */
  readonly journalPath: string;
  readonly operator: Operator;
}

/**
 * Carries out a plan that a person has agreed to. No other run changes the servers meanwhile; the hosts are looked at
 * once more before the first step, and nothing is done that the plan did not show; they are looked at again before "done".
 * A plan with problems must not get here. A record of the run stays here and on the servers.
 */
export async function runOperation(
  agreed: PreparedPlan,
  cluster: Cluster,
  deps: RunDependencies,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunReport> {
  // The dots of a title say that a question comes first.
  const title = agreed.operation.title.replace(/…$/, '');
  const record = keepRecord(title, agreed.plan.clusterName, deps);
  const report = await carryOut(agreed, cluster, deps, onEvent, signal, record);
  await record.end(agreed.plan, report);
  return report;
}

async function carryOut(
  agreed: PreparedPlan,
  cluster: Cluster,
  deps: RunDependencies,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
  record: RunRecordKeeper,
): Promise<RunReport> {
  const begin = deps.clock.now();
  const stop = (found: Problem): RunReport => ended(agreed, [found], deps.clock.now() - begin, signal);
  const mask = runMask(agreed.secrets.masks, deps.hosts);
  const servers = cluster.servers.filter(({ id }) => agreed.situation.facts.has(id));
  const run = `${new Date(begin).toISOString()} ${deps.operator.name} ${deps.operator.process}`;
  const turnsBack = agreed.operation.turnsBack === true;
  const stays = agreed.situation.outcome?.cluster.servers;
  const leaves = ({ id }: ClusterNode): boolean => stays?.every((server) => server.id !== id) === true;
  const lease = await acquireLease(cluster, servers, { ...deps, run, signal, turnsBack }, leaves);
  if (!lease.ok) return stop(mask.problem(lease.error));
  const either = AbortSignal.any([signal, lease.value.lost]);
  record.begin(agreed.plan, servers);
  try {
    const now = await prepareAgain(agreed, cluster, deps, { signal: either });
    const changed = lease.value.problem() ?? surprise(agreed, now);
    if (changed !== undefined) return stop(changed);
    const log = fileRunLog(deps.files, deps.clock, deps.log, deps.journalPath, new Date(begin).toISOString());
    const serverIds = new Set(servers.map(({ id }) => id));
    const tell = (event: RunEvent): void => {
      onEvent(mask.event(event));
      // The API of a cluster that is founded or comes back answers after a step on a server.
      if (event.type === 'step' && event.state === 'done' && serverIds.has(event.node)) lease.value.reach();
    };
    const { downloads } = deps;
    const copies: Pick<RunnerDependencies, 'copies'> =
      downloads === undefined
        ? {}
        : { copies: (options) => copySnapshot(now.situation.cluster, options, { ...deps, downloads }) };
    const runner = stepRunner(now, { ...deps, ...copies, onEvent: tell, mask });
    const steps = now.plan.steps.length > 0 ? now.plan.steps : proofOf(now);
    const ready = deps.clock.now();
    const report = await schedule(
      steps,
      { run: runner, clock: deps.clock, log, parallel: deps.parallel },
      tell,
      either,
    );
    const lost = lease.value.problem();
    if (lost !== undefined) return { ...report, result: 'failed', problems: [lost, ...report.problems] };
    if (report.result !== 'done') return report;
    const after = await prepareAgain(untried(agreed), cluster, deps, { signal });
    const undone = after.plan.problems[0] ?? silenced(now, after) ?? leftOver(after.plan.steps);
    const around = { beforeMs: ready - begin, afterMs: deps.clock.now() - ready - report.wallMs };
    return undone === undefined || signal.aborted
      ? { ...report, around }
      : { ...report, around, result: 'failed', problems: [undone] };
  } finally {
    await lease.value.release();
  }
}

/** What the first look tried is told of machines that the steps have changed since: a port that they opened is shut in it. */
function untried(agreed: PreparedPlan): PreparedPlan {
  return { ...agreed, situation: { ...agreed.situation, trials: {} } };
}

/** Only the proof of what is there: what runs as wanted is told so only when Kubernetes says it, too. */
function proofOf({ operation, intent, situation }: PreparedPlan): readonly Step[] {
  return operation.proof?.(situation, intent) ?? [];
}

/** Why the agreed plan must not be carried out any more: it would do something that nobody was shown. */
function surprise(agreed: PreparedPlan, now: PreparedPlan): Problem | undefined {
  const shown = new Map(agreed.plan.steps.map((step) => [step.id, contentOf(step)]));
  const [blocked] = now.plan.problems;
  if (blocked !== undefined) return blocked;
  const changing = now.plan.steps.filter(({ phase }) => phase !== 'wait' && phase !== 'check');
  const others = changing.filter((step) => shown.get(step.id) !== contentOf(step));
  if (others.length === 0) return undefined;
  return problem('plan-outdated', say`The hosts have changed since the plan was shown, so nothing was done`, {
    why: say`Now this would be done as well or otherwise: ${others.map(({ about, says }) => `${about}: ${says.title}`).join('; ')}.`,
    nextSteps: [say`Run the command again and look at the new plan.`],
  });
}

function contentOf({ kind, on, input, differences }: Step): string {
  return JSON.stringify([kind, on, input, differences.map(({ after }) => after)]);
}

/** Machines that the run worked with and that went silent: nobody knows whether they are as wanted. */
function silenced(now: PreparedPlan, { situation }: PreparedPlan): Problem | undefined {
  const gone = [...situation.unreachable].filter(([id]) => now.situation.facts.has(id));
  const [first] = gone;
  if (first === undefined) return undefined;
  const ids = gone.map(([id]) => id);
  return problem('machine-silent', say`Every step was carried out, but ${listed(ids)} went silent meanwhile`, {
    host: first[0],
    why: gone.map(([id, { message, why }]) => `${id}: ${why ?? message}`).join('; '),
    nextSteps: [
      say`Look at ${ids.length === 1 ? say`that machine` : say`those machines`}, then run the command again.`,
    ],
  });
}

function leftOver(steps: readonly Step[]): Problem | undefined {
  if (steps.length === 0) return undefined;
  return problem('not-as-wanted', say`Every step was carried out, but the hosts are not as the file says`, {
    why: say`Still to do: ${steps.map(({ about, says }) => say`${about}: ${says.title}, because ${says.reason}`).join('; ')}.`,
    nextSteps: [say`Somebody or something else may have changed the hosts meanwhile. Run the command again.`],
  });
}

/** The report of a run that did nothing. */
function ended({ plan }: PreparedPlan, problems: readonly Problem[], wallMs: number, signal: AbortSignal): RunReport {
  return {
    result: signal.aborted ? 'cancelled' : 'failed',
    states: new Map(plan.steps.map(({ id }) => [id, 'skipped'])),
    problems: signal.aborted ? [] : problems,
    spans: new Map(),
    wallMs,
  };
}

/** The problems of a run, the most useful first: failures before lost connections. */
export function mainProblem(report: RunReport): Problem | undefined {
  return report.problems.find((found) => found.code !== 'connection-lost') ?? report.problems[0];
}
