import { problem, type Problem } from '../../core/base/problem';
import { checkHosts } from '../../core/hostChecks/registry';
import type { HostFinding } from '../../core/hostChecks/hostCheck';
import type { Severity } from '../../core/rules/rule';
import type { Situation } from './situation';

/** What keeps the machines from being touched as they are. Machines that do not answer are judged by what needs them. */
export function hostProblems(situation: Situation): readonly Problem[] {
  return findingsOf(situation, 'error').map(findingProblem);
}

/** What a person should know of the machines before saying yes. */
export function hostNotes(situation: Situation): readonly string[] {
  return findingsOf(situation, 'warning').map(
    ({ message, details = [] }) =>
      `${message.replace(/\.$/, '')}.${details.length === 0 ? '' : ' A check of the hosts lists what to do.'}`,
  );
}

/** A finding of a machine as a problem. */
function findingProblem({ id, machine, message, why, details, nextSteps }: HostFinding): Problem {
  return problem(id, message, {
    host: machine,
    ...(why === undefined ? {} : { why }),
    ...(details === undefined ? {} : { details }),
    nextSteps,
  });
}

function findingsOf({ cluster, facts, ignores }: Situation, severity: Severity): readonly HostFinding[] {
  return checkHosts({ cluster, facts, unreachable: new Map() }).filter(
    (finding) => finding.severity === severity && ignores?.(finding) !== true,
  );
}
