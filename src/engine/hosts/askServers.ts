import type { MachineId } from '../../core/plan/step';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import type { RemoteOutcome } from '../ports';
import type { StepContext } from '../steps/step';

/**
 * Asks the first of these servers whose API answers. What `isAnswer` takes for an answer of the cluster is not asked of another
 * one. Gives the outcome of the last one when none answers.
 */
export async function askServers<T>(
  through: readonly MachineId[],
  command: RemoteCommand<T>,
  at: StepContext,
  isAnswer: (code: string) => boolean = () => false,
): Promise<RemoteOutcome<T>> {
  let last: RemoteOutcome<T> | undefined;
  for (const id of through) {
    last = await at.on(at.reach(id), command);
    if (last.kind === 'done' || at.signal.aborted) return last;
    if (last.kind === 'failed' && isAnswer(last.problem.code)) return last;
  }
  if (last === undefined) throw new Error(`the step on ${at.machine.id} names no server to ask`);
  return last;
}
