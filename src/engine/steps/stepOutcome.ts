import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { RemoteOutcome } from '../ports';

/** How a step ended. `unknown`: the connection went away, so nobody can say whether it was carried out. */
export type StepOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };

/** The outcome of a remote command as the outcome of a step. */
export function ended(outcome: RemoteOutcome<unknown>): StepOutcome {
  return outcome.kind === 'done' ? { kind: 'done' } : { kind: outcome.kind, problem: outcome.problem };
}

/** A failure of a step on a node. */
export function stepFailed(code: string, node: ClusterNode, message: string, more: Partial<Problem> = {}): StepOutcome {
  return { kind: 'failed', problem: problem(code, message, { host: node.id, ...more }) };
}
