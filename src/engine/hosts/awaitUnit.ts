import { say } from '../../core/base/say';
import { journalLine } from '../../core/k3s/journal/journalLine';
import type { K3sUnit } from '../../core/k3s/paths';
import { logCommand, type ServiceManager } from '../../core/k3s/serviceManager';
import { unitOf } from '../../core/cluster/roles';
import { controlUnit, unitStatus } from '../../core/remote/unit';
import type { ClusterNode } from '../../core/cluster/cluster';
import { ended, stepFailed, type StepContext } from '../steps/step';
import type { StepOutcome } from '../../core/plan/step';
import { doing, isHopeless, isSuspicious, isUp, lookAgain, type UnitSight } from './unitSight';

/** One look waits on the host this long for a change, so the editor learns of it at once without asking often. */
const LOOK_SECONDS = 5;

/** The same while something is wrong. */
const SOON_SECONDS = 3;

/** etcd and the kubelet write about as many in the five seconds of a look. */
const JOURNAL_LINES = 150;

/** Starts or restarts K3s without blocking, and watches it as {@link watchUnit} does. */
export async function awaitUnit(
  node: ClusterNode,
  verb: 'start' | 'restart',
  context: StepContext,
  enough?: () => Promise<boolean>,
): Promise<StepOutcome> {
  const control = await context.on(node, controlUnit(verb, unitOf(node), context.facts.get(node.id)?.init));
  return control.kind === 'done' ? watchUnit(node, control.value, context, enough) : ended(control);
}

/**
 * Watches the unit and the journal until another run of K3s than `before` is ready. Ends early when the journal names a cause
 * that waiting cannot cure, and gives that line as the reason; and when `enough` says of a new run that is not ready yet that
 * nothing has to wait for more.
 */
export async function watchUnit(
  node: ClusterNode,
  before: string,
  context: StepContext,
  enough: () => Promise<boolean> = async () => false,
): Promise<StepOutcome> {
  const unit = unitOf(node);
  const manager = context.facts.get(node.id)?.init;
  const { clock, mask, startTimeoutMs } = context;
  const deadline = clock.now() + startTimeoutMs;
  let sight: UnitSight | undefined;
  let told = '';
  for (;;) {
    if (context.signal.aborted) return { kind: 'cancelled' };
    const waitSeconds = sight !== undefined && isSuspicious(sight) ? SOON_SECONDS : LOOK_SECONDS;
    const look = await context.on(
      node,
      unitStatus(unit, { before, journalLines: JOURNAL_LINES, waitSeconds, known: sight?.status.state ?? '' }),
    );
    if (look.kind !== 'done') return ended(look);
    sight = lookAgain(sight, { ...look.value, journal: mask.lines(look.value.journal) }, before, node.role);
    if (isUp(sight) || (sight.begun && (await enough()))) return { kind: 'done' };
    if (isHopeless(sight)) return gaveUp(node, unit, manager, sight, say`does not come up`);
    if (clock.now() > deadline) return gaveUp(node, unit, manager, sight, say`is still not ready`);
    const words = doing(sight);
    if (words !== told) context.progress(words);
    told = words;
  }
}

function gaveUp(
  node: ClusterNode,
  unit: K3sUnit,
  manager: ServiceManager | undefined,
  { status, cause }: UnitSight,
  what: string,
): StepOutcome {
  const restarts =
    status.restarts > 0 ? say` (restarted ${status.restarts === 1 ? say`once` : say`${status.restarts} times`})` : '';
  const last = status.journal.at(-1);
  const why = cause?.text ?? (last === undefined ? undefined : journalLine(last).text);
  return stepFailed(
    'start-failed',
    node,
    say`${unit} on ${node.id} ${what}${restarts}${cause?.means === undefined ? '' : `: ${cause.means}`}`,
    {
      ...(why === undefined ? {} : { why }),
      nextSteps: [
        ...(cause?.nextSteps ?? []),
        say`See "${logCommand(unit, manager)}" on ${node.id}; run again when the cause is removed.`,
      ],
    },
  );
}
