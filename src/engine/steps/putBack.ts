import { say } from '../../core/base/say';
import { unitOf } from '../../core/cluster/roles';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { dropAside, putBackK3s } from '../../core/remote/aside';
import { awaitUnit } from '../hosts/awaitUnit';
import { proveServer } from '../hosts/proveServer';
import { defineStep, ended, stepFailed, type StepContext } from './step';
import type { StepOutcome } from '../../core/plan/step';

/**
 * The end of a change of a running K3s, whatever became of it: when it is proved, what was put aside goes; else that comes
 * back and is started. A change that was cancelled after its restart had begun may still come up by itself.
 */
export const putBack = defineStep<{ readonly role: NodeRole }>({
  kind: 'put-back',
  phase: 'restore',
  estimateMs: 300,
  says: () => ({
    title: say`Put that back and start it if the new one does not come up`,
    doing: say`finishing the change`,
    counted: '',
  }),
  run: async ({ role }, at) => {
    const restarted = at.stateOf(`restart:${at.machine.id}`);
    // A release without its images runs, but starts no pod that needs one of them.
    const proven = restarted === 'done' && at.stateOf(`await-images:${at.machine.id}`) !== 'failed';
    if (proven) return ended(await at.on(at.machine, dropAside()));
    // A restart that was refused or never begun leaves the process as it was: only the files go back.
    if (restarted === 'cancelled' || restarted === 'unknown') {
      const came = await proved(at, 'start');
      if (came.kind === 'done') return ended(await at.on(at.machine, dropAside()));
    }
    at.progress(say`putting the old configuration back`);
    const back = await at.on(at.machine, putBackK3s(unitOf({ role })));
    if (back.kind !== 'done') return ended(back);
    if (!back.value.restarted) return ended(await at.on(at.machine, dropAside()));
    const up = await proved(at, 'restart');
    if (up.kind === 'done') return ended(await at.on(at.machine, dropAside()));
    if (up.kind === 'cancelled') return up;
    return stepFailed(
      'put-back-failed',
      at.machine,
      say`The old configuration of ${at.machine.id} is back, but K3s does not come up with it either`,
      {
        why: up.problem.why ?? up.problem.message,
        nextSteps: [...up.problem.nextSteps, say`Do not touch another server before this one is back.`],
      },
    );
  },
});

async function proved(at: StepContext, verb: 'start' | 'restart'): Promise<StepOutcome> {
  const node = at.node(at.machine.id);
  const up = await awaitUnit(node, verb, at);
  return up.kind === 'done' ? proveServer(node, at) : up;
}
