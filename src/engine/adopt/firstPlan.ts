import { finish } from '../../core/base/steps';
import type { Cluster } from '../../core/cluster/cluster';
import { parseDocument } from '../../core/document/parse';
import { inspectInSteps, type Diagnostic } from '../../core/language/validate';
import type { Plan } from '../../core/plan/plan';
import { preparePlan, type PlanDependencies, type PlanOptions } from '../run/prepare';

/** What an adopted file means, and what it would change. */
export interface FirstPlan {
  readonly cluster: Cluster;
  /** What the rules have against it so much that nobody applies it before that is mended or ignored. */
  readonly errors: readonly Diagnostic[];
  readonly plan: Plan;
}

/** Makes the first plan of a file that was just written from what runs: best of all has it no step. */
export async function firstPlan(text: string, deps: PlanDependencies, options: PlanOptions = {}): Promise<FirstPlan> {
  const { cluster, diagnostics } = finish(inspectInSteps(parseDocument(text)));
  const { plan } = await preparePlan(cluster, deps, options);
  return { cluster, errors: diagnostics.filter(({ severity }) => severity === 'error'), plan };
}
