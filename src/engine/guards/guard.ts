import type { Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { GuardId } from '../../core/plan/step';
import type { StepContext } from '../steps/step';

/** A question that is asked right before a step takes something away, on what is true then. */
export interface Guard {
  readonly id: GuardId;
  /** Why the machine must not be stopped now; undefined when it may. */
  check(node: ClusterNode, at: StepContext): Promise<Problem | undefined>;
}
