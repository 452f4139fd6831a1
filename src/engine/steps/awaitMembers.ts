import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { logCommand } from '../../core/k3s/serviceManager';
import type { MachineId, StepOutcome } from '../../core/plan/step';
import { askEtcd } from '../hosts/etcdVoters';
import { untilNothingLacks } from '../hosts/untilNothingLacks';
import { defineStep, ended, stepFailed, type StepContext } from './step';

interface AwaitedMembers {
  /** Names of nodes that are to be no members any more. */
  readonly gone: readonly string[];
  /** The servers that stay. */
  readonly members: readonly MachineId[];
}

/**
 * Waits until every member that stays answers, names the same leader, one that is a member, and lists the same members, without
 * those that left: who led may have been one of them, and others may not have noticed yet. A server
 * that is restarted before the removal has reached its disk counts on a member that is gone, and does not start.
 * https://github.com/k3s-io/k3s/issues/12908
 */
export const awaitMembers = defineStep<AwaitedMembers>({
  kind: 'await-members',
  phase: 'wait',
  estimateMs: 3000,
  says: ({ members }) => ({
    title: say`Wait until ${listed(members)} ${members.length === 1 ? 'names' : 'name'} a leader of etcd and ${members.length === 1 ? 'lists' : 'list'} the same members`,
    doing: say`waiting for etcd`,
    counted: '',
  }),
  subject: ({ gone }) => gone.join(' '),
  run: (input, at) =>
    untilNothingLacks(
      at,
      () => lack(input, at),
      (lacking) =>
        stepFailed('members-disagree', at.machine, say`etcd does not settle: ${lacking}`, {
          nextSteps: [
            say`Restart no server meanwhile. See ${logsOf(input.members, at)} on the named server; run again when the cause is removed.`,
          ],
        }),
    ),
});

/** The commands that show what K3s has written; one where all servers have the same service manager. */
function logsOf(members: readonly MachineId[], { facts }: StepContext): string {
  const commands = new Set(members.map((id) => `"${logCommand('k3s', facts.get(id)?.init)}"`));
  return [...commands].join(' or ');
}

/** What is lacking, in words; an outcome when the step ends here. */
async function lack({ gone, members }: AwaitedMembers, at: StepContext): Promise<string | StepOutcome> {
  const views = await askEtcd(members.map(at.node), at);
  let first: { readonly id: string; readonly list: string; readonly leader: string } | undefined;
  for (const [id, view] of views) {
    if (view.kind === 'unknown' || at.signal.aborted) return at.signal.aborted ? { kind: 'cancelled' } : ended(view);
    if (view.kind === 'failed' && view.problem.code === 'curl-missing') continue;
    if (view.kind === 'failed') return say`${id} does not answer: ${view.problem.why ?? view.problem.message}`;
    const { members: known, leader, why } = view.value;
    if (leader === undefined) return say`${id} knows no leader${why === undefined ? '' : `: ${why}`}`;
    const left = known.filter(({ nodeName }) => gone.includes(nodeName)).map(({ name }) => name);
    if (left.length > 0) return say`${id} still lists ${listed(left)}`;
    const list = known
      .map((member) => member.id)
      .sort()
      .join(' ');
    if (!known.some((member) => member.id === leader)) return say`${id} follows a leader that is no member any more`;
    first ??= { id, list, leader };
    if (first.list !== list) return say`${first.id} and ${id} list other members`;
    if (first.leader !== leader) return say`${first.id} and ${id} follow other leaders`;
  }
  return { kind: 'done' };
}
