import { journalCause, message } from '../core/k3s/journalText';
import type { K3sUnit } from '../core/k3s/remote/probe';
import { controlUnit, unitStatus, type UnitStatus } from '../core/k3s/remote/unit';
import { shellWord } from '../core/k3s/shell';
import type { ClusterNode } from '../core/spec/cluster';
import type { StepContext } from './stepContext';
import { ended, stepFailed, type StepOutcome } from './stepOutcome';

/** One look waits on the host this long for a change, so the editor learns of it at once without asking often. */
const LOOK_SECONDS = 5;

const JOURNAL_LINES = 60;

/** A unit that fails this often in a row does not come up by itself, whatever its journal says. */
const MAX_RESTARTS = 4;

/**
 * Starts or restarts K3s without blocking, then watches systemd and the journal until it is ready. Ends early when the
 * journal names a cause that waiting cannot cure, and gives that line as the reason.
 */
export async function awaitUnit(node: ClusterNode, unit: K3sUnit, verb: 'start' | 'restart', context: StepContext): Promise<StepOutcome> {
  const control = await context.on(node, controlUnit(verb, unit));
  if (control.kind !== 'done') return ended(control);
  const { clock, startTimeoutMs } = context.deps;
  const deadline = clock.now() + startTimeoutMs;
  let restarts = 0;
  let told = '';
  for (;;) {
    const look = await context.on(node, unitStatus(unit, { since: control.value, journalLines: JOURNAL_LINES, waitSeconds: LOOK_SECONDS, knownRestarts: restarts }));
    if (look.kind !== 'done') return ended(look);
    const status = { ...look.value, journal: context.deps.mask.lines(look.value.journal) };
    if (status.active === 'active') return { kind: 'done' };
    const cause = journalCause(status.journal);
    const stuck = status.active === 'failed' || status.active === 'inactive' || status.restarts >= MAX_RESTARTS || (cause?.final === true && status.restarts > 0);
    if (stuck || clock.now() > deadline) return gaveUp(node, unit, status, stuck);
    restarts = status.restarts;
    const words = waitingFor(status);
    if (words !== told) context.progress(words);
    told = words;
    if (context.signal.aborted) return { kind: 'cancelled' };
  }
}

function gaveUp(node: ClusterNode, unit: K3sUnit, status: UnitStatus, stuck: boolean): StepOutcome {
  const cause = journalCause(status.journal);
  const what = stuck ? `${unit} on ${node.id} does not come up (restarted ${status.restarts} times)` : `${unit} on ${node.id} is still not ready`;
  const why = cause?.text ?? lastWords(status);
  return stepFailed('start-failed', node, what, {
    ...(why === undefined ? {} : { why }),
    nextSteps: [...(cause?.nextSteps ?? []), `See "journalctl -u ${shellWord(unit)}" on ${node.id}; run again when the cause is removed.`],
  });
}

function waitingFor(status: UnitStatus): string {
  const words = journalCause(status.journal)?.text ?? lastWords(status);
  return `${status.sub === 'auto-restart' ? 'failed, systemd tries again' : 'starting'}${words === undefined ? '' : `: ${words}`}`;
}

function lastWords(status: UnitStatus): string | undefined {
  const last = status.journal.at(-1);
  return last === undefined ? undefined : message(last);
}
