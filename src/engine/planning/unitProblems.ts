import type { Problem } from '../../core/base/problem';
import { k3sUnderOtherName } from '../../core/hostChecks/checks/k3sUnderOtherName';
import { roleChanged } from '../../core/hostChecks/checks/roleChanged';
import type { Step } from '../../core/plan/step';
import { reboot } from '../steps/reboot';
import { findingProblem } from './hostProblems';
import type { Situation } from './situation';

type Touch = Pick<Step, 'kind' | 'on' | 'about'>;

/**
 * What no operation may do to a machine whose K3s nobody would stop, find or start again: one in a service that is not looked
 * after, and before a reboot one in a second service, which would start then.
 */
export function unitProblems({ cluster, facts, ignores }: Situation, steps: readonly Touch[]): readonly Problem[] {
  const seenOf = (steps: readonly Touch[]) => {
    const touched = new Set(steps.flatMap(({ on, about }) => [on, about]));
    return {
      cluster,
      facts: new Map([...facts].filter(([id]) => touched.has(id))),
      unreachable: new Map<string, Problem>(),
    };
  };
  const reboots = steps.filter(({ kind }) => kind === reboot.kind);
  return [...k3sUnderOtherName.judge(seenOf(steps)), ...roleChanged.judge(seenOf(reboots))]
    .filter((finding) => finding.severity === 'error' && ignores?.(finding) !== true)
    .map(findingProblem);
}
