import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { bootId, rebootMachine } from '../../core/remote/reboot';
import type { StepOutcome } from '../../core/plan/step';
import { watchUnit } from '../hosts/awaitUnit';
import { proveServer } from '../hosts/proveServer';
import { defineStep, ended, stepFailed, type StepContext } from './step';

const PAUSE_MS = 2000;

interface Reboot {
  readonly role: NodeRole;
  /** The boot that is to end; a machine that has another one is not rebooted again. */
  readonly boot: string;
  /** An earlier run has rebooted it. */
  readonly begun: boolean;
}

/** Reboots a machine, waits until it has booted anew, and proves that K3s is back on it. */
export const reboot = defineStep<Reboot>({
  kind: 'reboot',
  phase: 'change',
  estimateMs: 120_000,
  says: ({ begun }) =>
    begun
      ? {
          title: say`Wait until K3s is up again: the machine was rebooted already`,
          doing: say`waiting for K3s`,
          counted: '',
        }
      : { title: say`Reboot the machine, and wait until K3s is up again`, doing: say`rebooting`, counted: say`reboot` },
  run: async ({ boot }, at) => {
    const node = at.node(at.machine.id);
    const told = await at.on(node, rebootMachine(boot));
    // The connection may be gone before the answer: whether it reboots is seen.
    if (told.kind === 'failed') return ended(told);
    const booted = await awaitBoot(boot, at);
    if (booted.kind !== 'done') return booted;
    at.progress(say`booted, waiting for K3s`);
    const up = await watchUnit(node, '', at);
    return up.kind === 'done' ? proveServer(node, at) : up;
  },
});

async function awaitBoot(before: string, at: StepContext): Promise<StepOutcome> {
  const deadline = at.clock.now() + at.startTimeoutMs;
  let told = '';
  for (;;) {
    const seen = await at.on(at.machine, bootId());
    if (at.signal.aborted) return { kind: 'cancelled' };
    if (seen.kind === 'done' && seen.value !== before) return { kind: 'done' };
    if (at.clock.now() > deadline) {
      return stepFailed(
        'reboot-overdue',
        at.machine,
        say`${at.machine.id} has not booted anew within ${duration(at.startTimeoutMs)}`,
        {
          why:
            seen.kind === 'done' ? say`It answers, and has not rebooted.` : (seen.problem.why ?? seen.problem.message),
          nextSteps: [
            say`Look at its console; its file systems may be checked, or its firmware may wait for a key.`,
            say`Run the same command again when it is up: it waits for K3s and does what is left.`,
          ],
        },
      );
    }
    const words = seen.kind === 'done' ? say`going down` : say`down, waiting until it answers again`;
    if (words !== told) at.progress(words);
    told = words;
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}
