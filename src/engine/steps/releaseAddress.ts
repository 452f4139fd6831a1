import { say } from '../../core/base/say';
import { releaseAddress as release } from '../../core/remote/releaseAddress';
import { defineStep, ended } from './step';

/** Takes a fixed address off a machine that is not to carry it, and proves it gone. */
export const releaseAddress = defineStep<{ readonly address: string }>({
  kind: 'release-address',
  phase: 'change',
  estimateMs: 1500,
  says: ({ address }) => ({
    title: say`See that ${address} is on no interface here; take it off where it is`,
    doing: say`taking ${address} off`,
    counted: '',
  }),
  subject: ({ address }) => address,
  run: async ({ address }, at) => {
    const outcome = await at.on(at.machine, release(address));
    if (outcome.kind === 'done' && outcome.value === 'released') at.progress(say`${address} was here and is gone`);
    return ended(outcome);
  },
});
