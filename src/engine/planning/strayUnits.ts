import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { presentOptions } from '../../core/facts/presentOptions';
import { strayUnit } from '../../core/hostChecks/reading/strayUnit';
import type { Step } from '../../core/plan/step';
import { removeUnit } from '../steps/removeUnit';
import type { Situation } from './situation';

/** The step that takes the unit of the other role off a machine. K3s of its own role goes on as it is. */
export function strayUnitSteps({ facts }: Situation, node: ClusterNode): readonly Step[] {
  const seen = facts.get(node.id);
  const stray = seen === undefined ? undefined : strayUnit(node, seen);
  if (seen === undefined || stray === undefined || stray.needed !== undefined) return [];
  // Where that unit itself says that its data is.
  const [folder] = presentOptions(seen, stray.name).effective.get('data-dir') ?? [];
  const input = { unit: stray.name, ...(folder === undefined ? {} : { folder }) };
  return [removeUnit.step(node, input, say`at the next boot both units of K3s would start`)];
}
