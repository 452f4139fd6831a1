import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { dropEtcd as drop } from '../../core/remote/dropEtcd';
import { defineStep, ended } from './step';

/** Puts the data of a member aside that etcd does not have any more, so that the server joins as a new one. */
export const dropEtcd = defineStep<object>({
  kind: 'drop-etcd',
  phase: 'change',
  estimateMs: 500,
  says: () => ({
    title: say`Put the data of its former member of etcd aside`,
    doing: say`putting the data of etcd aside`,
    counted: '',
  }),
  run: async (_, at) => ended(await at.on(at.machine, drop(dataDir(at.cluster, at.node(at.machine.id))))),
});
