import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { putDataAside as put } from '../../core/remote/dataAside';
import { defineStep, ended } from './step';

/** Moves the data of a stopped server beside the place where K3s looks, so that it joins the restored cluster as a new member. */
export const putDataAside = defineStep<{ readonly id: string }>({
  kind: 'put-data-aside',
  phase: 'change',
  estimateMs: 500,
  says: ({ id }) => ({
    title: say`Put its server/db aside as server/db-before-restore-${id}, with its own snapshots`,
    doing: say`putting its old data aside`,
    counted: say`put the data aside of`,
  }),
  run: async ({ id }, at) => ended(await at.on(at.machine, put(dataDir(at.cluster, at.node(at.machine.id)), id))),
});
