import type { Plan } from '../../core/plan/plan';
import { COMMANDS, type CommandId } from '../ids';

/** An operation as the editor offers it: its command, and what people read around it. */
export interface OfferedOperation {
  /** Id of the operation. */
  readonly id: string;
  readonly command: CommandId;
  /** Button that goes on, and beginning of the question: `Provision`. */
  readonly verb: string;
  /** What goes on, as the beginning of a sentence: `Provisioning`. */
  readonly noun: string;
  /** What is true after a run that succeeded. */
  readonly done: (plan: Plan, seconds: string) => string;
  /** When there is nothing to do. */
  readonly unchanged: (clusterName: string) => string;
}

/** What *Preview Plan* is about. */
export const PROVISIONING: OfferedOperation = {
  id: 'provision',
  command: COMMANDS.provision,
  verb: 'Provision',
  noun: 'Provisioning',
  done: ({ clusterName, machines }, seconds) =>
    `${clusterName} is up: ${machines.length} nodes Ready after ${seconds} s.`,
  unchanged: (clusterName) => `${clusterName} is as the file says: nothing to change, nothing to restart.`,
};

/** Every operation that has a command. */
export const OFFERED: readonly OfferedOperation[] = [PROVISIONING];
