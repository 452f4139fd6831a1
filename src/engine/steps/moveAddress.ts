import { say } from '../../core/base/say';
import { moveAddressAway } from '../../core/remote/moveAddress';
import { defineStep, ended } from './step';

/** Has the servers' fixed address leave a server before that is stopped, and proves that another one answers there. */
export const moveAddress = defineStep<{ readonly address: string; readonly port: number }>({
  kind: 'move-address',
  phase: 'change',
  estimateMs: 4000,
  says: ({ address }) => ({
    title: say`Move ${address} to another server, if it is here`,
    doing: say`moving ${address} to another server`,
    counted: '',
  }),
  run: async ({ address, port }, at) => {
    const outcome = await at.on(at.machine, moveAddressAway(address, port));
    if (outcome.kind === 'done' && outcome.value === 'moved') at.progress(say`${address} answers from another server`);
    return ended(outcome);
  },
});
