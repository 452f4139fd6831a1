import type { Problem } from '../../core/base/problem';
import type { Step, StepState } from '../../core/plan/plan';
import { urgency } from '../../core/plan/order';
import type { RunEvent, RunReport } from '../../core/plan/events';
import type { Journal } from './runLog';
import type { Clock } from '../ports';
import type { StepOutcome } from '../steps/stepOutcome';

/** Carries out one step. Never throws for what can go wrong on a host. */
export type StepRunner = (step: Step, signal: AbortSignal, progress: (message: string) => void) => Promise<StepOutcome>;

export interface ApplyDependencies {
  readonly run: StepRunner;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Steps at the same time over all hosts. */
  readonly parallel: number;
}

/**
 * Runs the steps of a plan: the most urgent first, one at a time on each host, `parallel` in all. What does not depend
 * on a failure goes on. When cancelled, nothing new starts and what runs stops waiting.
 */
export async function apply(
  steps: readonly Step[],
  deps: ApplyDependencies,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunReport> {
  const begin = deps.clock.now();
  const states = new Map<string, StepState>(steps.map((step) => [step.id, 'pending']));
  const durations = new Map<string, number>();
  const problems: Problem[] = [];
  const order = urgency(steps);
  const running = new Map<string, Promise<void>>();
  const busyHosts = new Set<string>();

  const settle = async (step: Step, state: StepState, problem?: Problem): Promise<void> => {
    states.set(step.id, state);
    const durationMs = durations.get(step.id);
    onEvent({
      type: 'step',
      step: step.id,
      node: step.node,
      state,
      ...(problem === undefined ? {} : { problem }),
      ...(durationMs === undefined ? {} : { durationMs }),
    });
    await deps.journal.write({ event: 'step', step: step.id, state, ...(problem === undefined ? {} : { problem }) });
  };

  const launch = async (step: Step): Promise<void> => {
    const started = deps.clock.now();
    await settle(step, 'running');
    const outcome = await deps.run(step, signal, (message) =>
      onEvent({ type: 'progress', step: step.id, node: step.node, message }),
    );
    durations.set(step.id, deps.clock.now() - started);
    if (outcome.kind === 'done' || outcome.kind === 'cancelled') return settle(step, outcome.kind);
    problems.push(outcome.problem);
    return settle(step, outcome.kind, outcome.problem);
  };

  const doomed = (step: Step): boolean =>
    step.after.some((before) => ['failed', 'unknown', 'skipped', 'cancelled'].includes(states.get(before) ?? ''));
  const ready = (step: Step): boolean => step.after.every((before) => states.get(before) === 'done');

  await deps.journal.write({ event: 'run-start', summary: `${steps.length} steps` });
  for (;;) {
    const pending = steps.filter((step) => states.get(step.id) === 'pending');
    for (const step of pending) {
      if (signal.aborted) await settle(step, 'cancelled');
      else if (doomed(step)) await settle(step, 'skipped');
    }
    const open = signal.aborted ? [] : pending.filter((step) => states.get(step.id) === 'pending' && ready(step));
    for (const step of open.sort((a, b) => (order.get(b.id) ?? 0) - (order.get(a.id) ?? 0))) {
      if (running.size >= deps.parallel) break;
      if (busyHosts.has(step.node)) continue;
      busyHosts.add(step.node);
      const work = launch(step).finally(() => {
        running.delete(step.id);
        busyHosts.delete(step.node);
      });
      running.set(step.id, work);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const values = [...states.values()];
  const result = values.every((state) => state === 'done')
    ? 'done'
    : values.some((state) => state === 'failed' || state === 'unknown')
      ? 'failed'
      : 'cancelled';
  await deps.journal.write({ event: 'run-end', summary: result });
  return { result, states, problems, durations, wallMs: deps.clock.now() - begin };
}
