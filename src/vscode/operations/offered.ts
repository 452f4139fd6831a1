import type { Plan } from '../../core/plan/plan';
import type { Operation } from '../../engine/operations/operation';
import { provision } from '../../engine/operations/provision';

/** An operation as the editor offers it: what people read around it. */
export interface OfferedOperation {
  readonly operation: Operation<object>;
  /** Button that goes on, and beginning of the question: `Provision`. */
  readonly verb: string;
  /** What goes on, as the beginning of a sentence: `Provisioning`. */
  readonly noun: string;
  /** What is true after a run that succeeded. */
  readonly done: (plan: Plan, seconds: string) => string;
  /** When there is nothing to do. */
  readonly unchanged: (clusterName: string) => string;
}

export const PROVISIONING: OfferedOperation = {
  operation: provision,
  verb: 'Provision',
  noun: 'Provisioning',
  done: ({ clusterName, machines }, seconds) =>
    `${clusterName} is up: ${machines.length} nodes Ready after ${seconds} s.`,
  unchanged: (clusterName) => `${clusterName} is as the file says: nothing to change, nothing to restart.`,
};
