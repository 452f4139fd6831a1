import type { Check } from './check';
import type { RealCluster } from './realCluster';

/** One operation of the product on real machines, and what has to be true of the cluster afterwards. */
export interface RealOperation {
  /** As in `--operations`; the file is named so, too, without the dashes. */
  readonly id: string;
  /** What it does to the machines, for the question before anything is changed. */
  readonly does: string;
  /** Why it cannot be tried on this cluster; undefined when it can. */
  whyNot?(real: RealCluster): string | undefined;
  /** Carries it out by the command line and tells what is seen of the outcome from outside. An error ends it as wrong. */
  run(real: RealCluster, see: (...checks: readonly Check[]) => void): Promise<void>;
}
