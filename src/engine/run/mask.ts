import { say } from '../../core/base/say';
import { secretMasker } from '../../core/base/mask';
import type { Problem } from '../../core/base/problem';
import type { Steps } from '../../core/base/steps';
import type { Plan } from '../../core/plan/plan';
import type { RunEvent } from '../../core/plan/events';
import type { RemoteHosts } from '../ports';
import type { Step, StepOutcome } from '../../core/plan/step';

/** The one place through which everything goes that a plan or a run says: it takes the secrets out and cuts what is too long. */
export interface RunMask {
  /** One line of a host. */
  line(text: string): string;
  /** Lines that belong together: a secret that is wrapped over several of them is found as a whole. */
  lines(lines: readonly string[]): readonly string[];
  problem(found: Problem): Problem;
  outcome(outcome: StepOutcome): StepOutcome;
  event(event: RunEvent): RunEvent;
  /** In slices, for a plan of many machines. */
  plan(plan: Plan): Steps<Plan>;
}

/** More of one sentence or line of a host helps nobody; in UTF-16 units. */
const LONGEST = 2_000;

/** Takes out `secrets` and what the connections of `hosts` know beside them, such as passwords for sudo. */
export function runMask(secrets: readonly string[], hosts: RemoteHosts): RunMask {
  const own = secretMasker(secrets);
  const text = (words: string): string => hosts.mask(own(words));
  const line = (words: string): string => {
    const masked = text(words);
    return masked.length <= LONGEST
      ? masked
      : say`${masked.slice(0, LONGEST)}… (${masked.length - LONGEST} more characters)`;
  };
  const problem = (found: Problem): Problem => ({
    ...found,
    message: line(found.message),
    ...(found.why === undefined ? {} : { why: line(found.why) }),
    ...(found.details === undefined ? {} : { details: found.details.map(line) }),
    nextSteps: found.nextSteps.map(line),
  });
  const maskedStep = (step: Step): Step => ({
    ...step,
    says: { ...step.says, title: line(step.says.title), reason: line(step.says.reason) },
    differences: step.differences.map((difference) => ({
      ...difference,
      ...(difference.before === undefined ? {} : { before: text(difference.before) }),
      ...(difference.after === undefined ? {} : { after: text(difference.after) }),
    })),
  });
  return {
    line,
    lines: (lines) => text(lines.join('\n')).split('\n'),
    problem,
    outcome: (outcome) => ('problem' in outcome ? { ...outcome, problem: problem(outcome.problem) } : outcome),
    event: (event) => {
      switch (event.type) {
        case 'output':
          return { ...event, line: line(event.line) };
        case 'progress':
          return { ...event, message: line(event.message) };
        case 'step':
          return event.problem === undefined ? event : { ...event, problem: problem(event.problem) };
      }
    },
    *plan(plan) {
      const steps: Step[] = [];
      for (const step of plan.steps) {
        steps.push(maskedStep(step));
        yield;
      }
      return { ...plan, steps, problems: plan.problems.map(problem), notes: plan.notes.map(line) };
    },
  };
}
