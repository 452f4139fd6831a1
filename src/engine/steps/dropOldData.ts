import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { dropOldData as drop } from '../../core/remote/oldData';
import { count } from '../../core/base/words';
import { defineStep, ended } from './step';

/** Removes unpacked programs of releases that neither K3s nor a pod of this host uses any more. */
export const dropOldData = defineStep<object>({
  kind: 'drop-old-data',
  phase: 'stage',
  estimateMs: 1000,
  says: () => ({
    title: say`Remove the unpacked programs of older releases that nothing uses any more`,
    doing: say`removing programs of older releases`,
    counted: '',
  }),
  run: async (_, at) => {
    const dropped = await at.on(at.machine, drop(dataDir(at.cluster, at.node(at.machine.id))));
    if (dropped.kind === 'done') at.progress(say`${count(dropped.value.length, 'folder')} removed`);
    return ended(dropped);
  },
});
