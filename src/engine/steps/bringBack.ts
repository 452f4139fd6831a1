import { say } from '../../core/base/say';
import type { DrillWay } from '../../core/drill/drillPart';
import { duration } from '../../core/base/duration';
import { bringBack as command } from '../../core/remote/drill';
import { bootId } from '../../core/remote/reboot';
import { unitOf } from '../../core/cluster/roles';
import { controlUnit } from '../../core/remote/unit';
import type { StepOutcome } from '../../core/plan/step';
import { watchUnit } from '../hosts/awaitUnit';
import { proveServer } from '../hosts/proveServer';
import { defineStep, ended, stepFailed, type StepContext } from './step';

const PAUSE_MS = 1000;

interface Back {
  readonly part: string;
  readonly way: DrillWay;
  /** The unit or the address; the boot that was to end. */
  readonly subject: string;
  /** The machine is a node, so that its K3s has to be proved. */
  readonly node: boolean;
  /** Of the drill, for what the machine remembers of it. */
  readonly drill: string;
}

/** Brings back what a drill has taken away, as soon as its machine answers, and proves it. Runs whatever happens. */
export const bringBack = defineStep<Back>({
  kind: 'bring-back',
  phase: 'restore',
  estimateMs: 20_000,
  subject: ({ part }) => part,
  says: ({ way, subject }) => ({
    title: {
      k3s: `Start ${subject} again and prove it`,
      balancer: `Start ${subject} again`,
      link: 'Wait until the network is back, and prove the node',
      reboot: 'Wait until the machine has booted, and prove the node',
    }[way],
    doing: say`bringing it back`,
    counted: say`bring a part back on`,
  }),
  run: async (input, at) => {
    const back = await untilBack(input, at);
    if (back.kind !== 'done' || !input.node) return back.kind === 'done' ? over(input, at) : back;
    const node = at.node(at.machine.id);
    if (input.way === 'k3s') {
      // The start of the script does not wait; this one clears what failed before, and leaves what runs alone.
      const started = await at.on(node, controlUnit('start', unitOf(node), at.facts.get(node.id)?.init));
      if (started.kind !== 'done') return ended(started);
    }
    const up = await watchUnit(node, '', at);
    const proved = up.kind === 'done' ? await proveServer(node, at) : up;
    return proved.kind === 'done' ? over(input, at) : proved;
  },
});

function over({ part }: Back, at: StepContext): StepOutcome {
  at.drill?.end(part);
  return { kind: 'done' };
}

/** A machine whose network is cut, or that boots, is asked until it answers. */
async function untilBack({ part, way, subject, drill }: Back, at: StepContext): Promise<StepOutcome> {
  const deadline = at.clock.now() + at.startTimeoutMs;
  const boots = way === 'reboot' && at.stateOf(`take-away:${at.machine.id}:reboot`) === 'done';
  for (;;) {
    const booted = boots ? await at.on(at.machine, bootId()) : undefined;
    const down = booted !== undefined && (booted.kind !== 'done' || booted.value === subject);
    const told = down ? undefined : await at.on(at.machine, command(way, subject, part, drill));
    if (told?.kind === 'done') return { kind: 'done' };
    if (at.clock.now() > deadline || (told?.kind === 'failed' && told.problem.code === 'drill-not-back'))
      return told === undefined
        ? stepFailed(
            'drill-machine-away',
            at.machine,
            say`${at.machine.id} is not back after ${duration(at.startTimeoutMs)}`,
            {
              nextSteps: [
                say`Look at its console. Run the same command again when it answers: it proves what is left.`,
              ],
            },
          )
        : ended(told);
    at.progress(say`waiting until the machine answers again`);
    await at.clock.sleep(PAUSE_MS, at.signal).catch(() => undefined);
  }
}
