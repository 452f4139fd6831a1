import type { Problem } from '../base/problem';
import type { MachineId, Step } from './step';

/** A machine that a plan is about. */
export interface PlanMachine {
  readonly id: MachineId;
  /** Address or alias, as the file has it. */
  readonly host: string;
}

/** What an operation will do. Holds no secret. */
export interface Plan {
  readonly clusterName: string;
  /** All machines of the cluster file. */
  readonly machines: readonly PlanMachine[];
  /** Every step stands behind those that it waits for. */
  readonly steps: readonly Step[];
  /** Reasons why nothing may be touched. A plan with problems has no steps. */
  readonly problems: readonly Problem[];
  /** Worth knowing before one says yes. */
  readonly notes: readonly string[];
}

/** What would happen about each machine, in order. */
export function stepsByMachine({ steps }: Plan): ReadonlyMap<MachineId, readonly string[]> {
  const found = new Map<MachineId, string[]>();
  for (const { about, says } of steps) {
    const titles = found.get(about);
    if (titles === undefined) found.set(about, [says.title]);
    else titles.push(says.title);
  }
  return found;
}

/** The machines that steps of a kind are about, in their order. */
export function machinesWith(steps: readonly Step[], kind: string): readonly MachineId[] {
  return steps.filter((step) => step.kind === kind).map(({ about }) => about);
}

/** Machines on which files are laid down: what a cluster file gives to hosts, other than logins, goes to these. */
export function laidMachines(steps: readonly Step[]): ReadonlySet<MachineId> {
  return new Set(steps.filter(({ phase, says }) => phase === 'stage' && says.counted !== '').map(({ on }) => on));
}
