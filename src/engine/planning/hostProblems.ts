import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Steps } from '../../core/base/steps';
import { checkHostsInSteps } from '../../core/hostChecks/registry';
import type { HostFinding } from '../../core/hostChecks/hostCheck';
import type { Severity } from '../../core/rules/rule';
import type { Situation } from './situation';

/** What keeps the machines from being touched as they are. Machines that do not answer are judged by what needs them. */
export function* hostProblems(situation: Situation): Steps<readonly Problem[]> {
  return (yield* findingsOf(situation, 'error')).map(findingProblem);
}

/** What a person should know of the machines before saying yes. */
export function* hostNotes(situation: Situation): Steps<readonly string[]> {
  return (yield* findingsOf(situation, 'warning')).map(
    ({ message, details = [] }) =>
      `${message.replace(/\.$/, '')}.${details.length === 0 ? '' : say` A check of the hosts lists what to do.`}`,
  );
}

/** A finding of a machine as a problem. */
export function findingProblem({ id, machine, message, why, details, nextSteps }: HostFinding): Problem {
  return problem(id, message, {
    host: machine,
    ...(why === undefined ? {} : { why }),
    ...(details === undefined ? {} : { details }),
    nextSteps,
  });
}

/** Problems and notes are asked for one after the other. */
const judged = new WeakMap<Situation, readonly HostFinding[]>();

function* findingsOf(situation: Situation, severity: Severity): Steps<readonly HostFinding[]> {
  const { cluster, facts, ignores, trials } = situation;
  const all =
    judged.get(situation) ?? (yield* checkHostsInSteps({ cluster, facts, unreachable: new Map(), ...trials }));
  judged.set(situation, all);
  const inPlan = (finding: HostFinding): Severity => (finding.mendable === true ? 'warning' : finding.severity);
  return all.filter((finding) => inPlan(finding) === severity && ignores?.(finding) !== true);
}
