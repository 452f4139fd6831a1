import { say } from '../../core/base/say';
import { uncordonNode } from '../../core/remote/cordon';
import { shellWord } from '../../core/remote/shell';
import { askServers } from '../hosts/askServers';
import type { NodeWork } from './cordon';
import { defineStep, ended } from './step';

/** How long servers may take until one of them answers again. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 2000;

/** Lets pods onto a Node again that we have cordoned, whatever became of the work on it; what somebody else cordoned stays so. */
export const uncordon = defineStep<NodeWork>({
  kind: 'uncordon',
  phase: 'restore',
  estimateMs: 500,
  says: () => ({ title: say`Uncordon it, so that it gets pods again`, doing: say`uncordoning`, counted: '' }),
  subject: ({ name }) => name,
  run: async ({ name, through }, at) => {
    const deadline = at.clock.now() + PATIENCE_MS;
    for (;;) {
      const outcome = await askServers(through, uncordonNode(name), at);
      if (outcome.kind === 'done') return { kind: 'done' };
      if (at.signal.aborted || at.clock.now() > deadline) {
        if (outcome.kind === 'unknown') return ended(outcome);
        const { nextSteps, ...problem } = outcome.problem;
        const own = say`Uncordon it when a server answers again: sudo k3s kubectl uncordon ${shellWord(name)}. The next run does it, too.`;
        return { kind: 'failed', problem: { ...problem, nextSteps: [...nextSteps, own] } };
      }
      at.progress(say`waiting for a server that answers`);
      try {
        await at.clock.sleep(PAUSE_MS, at.signal);
      } catch {
        return { kind: 'cancelled' };
      }
    }
  },
});
