import { say } from '../../core/base/say';
import { journalCause, type JournalCause } from '../../core/k3s/journal/journalCause';
import { journalPhase } from '../../core/k3s/journal/journalPhases';
import type { UnitStatus } from '../../core/remote/unit';
import type { NodeRole } from '../../core/k3s/nodeRole';

/** A unit that fails this often in a row does not come up by itself, whatever its journal says. */
const MAX_RESTARTS = 4;

/** What is known of a unit that is being started, after a look at it. */
export interface UnitSight {
  readonly status: UnitStatus;
  /** The unit has a run that the start or restart has begun; before, its state says nothing about it. */
  readonly begun: boolean;
  /** Why the present process, or one that was started before it in this step, does not come up. */
  readonly cause?: JournalCause;
  /** The journal of the present process tells the cause. */
  readonly present: boolean;
  /** It told the same at the look before, and nothing has changed in the seconds between: a process that loops without an end. */
  readonly again: boolean;
  /** How far the present process is, in words. */
  readonly phase?: string;
  /** It was stopped at this look and at the one before. */
  readonly stopped: boolean;
}

/** The sight after another look. `before`: the invocation that does not count. */
export function lookAgain(last: UnitSight | undefined, status: UnitStatus, before: string, role: NodeRole): UnitSight {
  const same = last?.status.invocation === status.invocation ? last : undefined;
  const found = journalCause(status.journal, role);
  const cause = found ?? last?.cause;
  const phase = journalPhase(status.journal) ?? same?.phase;
  return {
    status,
    begun: status.invocation !== before || (before === '' && status.active === 'active'),
    ...(cause === undefined ? {} : { cause }),
    present: found !== undefined,
    again:
      found !== undefined &&
      last?.present === true &&
      last.cause?.id === found.id &&
      last.status.state === status.state,
    ...(phase === undefined ? {} : { phase }),
    stopped: isStopped(status) && last !== undefined && isStopped(last.status),
  };
}

/** Whether the step has done its work. */
export function isUp({ begun, status }: UnitSight): boolean {
  return begun && status.active === 'active';
}

/** Whether waiting longer is useless. */
export function isHopeless({ status, begun, cause, present, again, stopped }: UnitSight): boolean {
  if (stopped) return true;
  if (!begun) return false;
  if (status.restarts >= MAX_RESTARTS) return true;
  if (cause === undefined || !present || cause.id === 'unknown') return false;
  if (cause.cures === 'never') return cause.last || again || status.restarts > 0;
  return cause.cures === 'perhaps' && status.restarts > 0;
}

/** Whether the next look should come soon: something is wrong, and it shows in a moment whether it stays. */
export function isSuspicious({ status, present }: UnitSight): boolean {
  return present || status.sub === 'auto-restart' || isStopped(status);
}

/** What the unit is doing, in words. */
export function doing({ status, begun, cause, present, phase }: UnitSight): string {
  if (!begun) return status.active === 'deactivating' ? 'stopping' : 'starting';
  if (status.sub === 'auto-restart')
    return [say`failed, it is started again`, ...(cause?.means === undefined ? [] : [cause.means])].join(': ');
  return (present ? cause?.means : undefined) ?? phase ?? 'starting';
}

function isStopped({ active }: UnitStatus): boolean {
  return active === 'failed' || active === 'inactive';
}
