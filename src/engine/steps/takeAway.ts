import { say } from '../../core/base/say';
import type { DrillWay } from '../../core/drill/drillPart';
import { takeAway as command } from '../../core/remote/drill';
import { rebootMachine } from '../../core/remote/reboot';
import { defineStep, drillOf, ended } from './step';

/** Longer than it is watched, so that the drill itself brings it back as long as this computer lives. */
const SPARE_SECONDS = 120;

interface Taken {
  /** As in the report: `link:server-1`. */
  readonly part: string;
  readonly way: DrillWay;
  /** The unit that stops, the address whose network is cut, or the boot that is to end. */
  readonly subject: string;
  readonly seconds: number;
}

/** Takes a part away for real. Its way back stands on the machine before, and needs nobody: a timer, or the boot. */
export const takeAway = defineStep<Taken>({
  kind: 'take-away',
  phase: 'change',
  estimateMs: 5000,
  whole: true,
  subject: ({ way }) => way,
  says: ({ way, subject, seconds }) => ({
    title: {
      k3s: `Stop ${subject} for ${seconds} s`,
      balancer: `Stop ${subject} for ${seconds} s`,
      link: `Cut the network at ${subject} for ${seconds} s: the machine ends that by itself`,
      reboot: 'Reboot the machine: it is away until it has booted',
    }[way],
    doing: say`taking it away`,
    counted: say`take a part away for a while on`,
  }),
  run: async ({ part, way, subject, seconds }, at) => {
    await drillOf(at).begin(part);
    if (way !== 'reboot') {
      // Nobody could end a cut from outside.
      const own = way === 'link' ? seconds : seconds + SPARE_SECONDS;
      return ended(await at.on(at.machine, command({ way, subject, part, seconds: own })));
    }
    const told = await at.on(at.machine, rebootMachine(subject));
    // The connection may be gone before the answer: whether it reboots is seen.
    return told.kind === 'failed' ? ended(told) : { kind: 'done' };
  },
});
