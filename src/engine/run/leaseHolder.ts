import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Clock, Log, Operator, RemoteHosts } from '../ports';

/** A lease ends by itself after this time, so that a machine that was switched off blocks nobody for long. */
export const LEASE_SECONDS = 90;

/** What taking a lease needs of the world. */
export interface LeaseDependencies {
  readonly hosts: RemoteHosts;
  readonly clock: Clock;
  readonly log: Log;
  /** The run, unique. */
  readonly run: string;
  readonly operator: Operator;
  readonly signal: AbortSignal;
  /** The run brings back what the cluster was: whoever has its lease then had it in the past, and the leases of the servers decide. */
  readonly turnsBack?: boolean;
}

/** How a holder calls themselves. */
export function nameOf({ name, process }: Operator): string {
  return `${name}, process ${process}`;
}

/** Whether a lease is that of a process of this very machine that does not run any more. */
export function isOver(who: string, { name, isRunning }: Operator): boolean {
  const [, holder, process] = /^(.*), process (\d+)$/.exec(who) ?? [];
  return holder === name && process !== undefined && !isRunning(Number(process));
}

/** Somebody else is at work; `held` says which lease they hold, and since when. */
export function inUse(who: string, held: string): Problem {
  return problem('cluster-in-use', say`${who === '' ? say`Somebody else` : who} is working on this cluster`, {
    why: say`Their run holds ${held}`,
    nextSteps: [
      say`Wait until that run is over, then run this again.`,
      say`If it was cut off, its lease ends by itself within ${LEASE_SECONDS} s.`,
    ],
  });
}
