import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { resetCluster as reset } from '../../core/remote/clusterReset';
import { defineStep, ended } from './step';

/** Makes a server the only member of a cluster with the data of a snapshot. */
export const resetCluster = defineStep<{ readonly id: string; readonly path: string }>({
  kind: 'reset-cluster',
  phase: 'change',
  estimateMs: 10_000,
  says: ({ path }) => ({
    title: say`Restore ${path} with k3s server --cluster-reset, from disk and not from S3`,
    doing: say`restoring`,
    counted: say`restore the cluster on`,
  }),
  run: async ({ id, path }, at) =>
    ended(await at.on(at.machine, reset(dataDir(at.cluster, at.node(at.machine.id)), id, path))),
});
