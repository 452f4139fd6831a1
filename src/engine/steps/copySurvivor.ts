import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { copySurvivor as copy } from '../../core/remote/copySurvivor';
import { defineStep, ended } from './step';

/** Makes a snapshot of what the stopped member of a cluster without majority has. */
export const copySurvivor = defineStep<{ readonly path: string }>({
  kind: 'copy-survivor',
  phase: 'change',
  estimateMs: 2000,
  says: ({ path }) => ({
    title: say`Copy what its etcd has to ${path}, as a snapshot`,
    doing: say`copying what its etcd has`,
    counted: say`copy the database of`,
  }),
  run: async ({ path }, at) => ended(await at.on(at.machine, copy(dataDir(at.cluster, at.node(at.machine.id)), path))),
});
