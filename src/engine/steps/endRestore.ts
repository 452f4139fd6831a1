import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';
import { dataDir } from '../../core/cluster/options';
import { endRestore as end } from '../../core/remote/dataAside';
import { defineStep, ended } from './step';

/** Brings the own snapshots of a restored server back, forgets the restore there, and tells which old data are left. */
export const endRestore = defineStep<{ readonly id: string }>({
  kind: 'end-restore',
  phase: 'change',
  estimateMs: 500,
  says: () => ({
    title: say`Bring its own snapshots back, and keep the old database`,
    doing: say`bringing its snapshots back`,
    counted: '',
  }),
  run: async ({ id }, at) => {
    const over = await at.on(at.machine, end(dataDir(at.cluster, at.node(at.machine.id)), id));
    if (over.kind === 'done')
      for (const { path, kib } of over.value)
        at.progress(say`${path} has the data from before (${megabytes(kib * 1024)}); delete it when you are sure`);
    return ended(over);
  },
});
