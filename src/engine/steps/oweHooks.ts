import { say } from '../../core/base/say';
import { owedHooksPath } from '../../core/cluster/hooks';
import type { Hook } from '../../core/cluster/cluster';
import { replaceFile } from '../../core/remote/upload';
import { defineStep, ended } from './step';

/** Has a host remember that the hooks after something have still to run, or that they have run: the next plan goes by it. */
export const oweHooks = defineStep<{ readonly event: Hook['event']; readonly owed: boolean }>({
  kind: 'owe-hooks',
  phase: 'stage',
  estimateMs: 100,
  says: ({ event, owed }) => ({
    title: owed ? say`Remember there that hooks after ${event} have to run` : say`Forget the hooks after ${event}`,
    doing: say`keeping track of hooks`,
    counted: '',
  }),
  subject: ({ event, owed }) => `${event}:${owed ? 'owed' : 'run'}`,
  run: async ({ event, owed }, at) => {
    const content = owed ? 'owed\n' : '';
    const announced = { size: content.length, sha256: '' };
    return ended(await at.on(at.machine, replaceFile(owedHooksPath(event), '0600', content, announced)));
  },
});
