import { nodesOf } from '../../../src/core/cluster/roles';
import { check } from '../check';
import { etcdIsComplete, nodesAreReady } from '../fromOutside';
import type { RealOperation } from '../operation';
import { listed, withoutEtcd } from './snapshot';

export const restore: RealOperation = {
  id: 'restore',
  does: 'saves a snapshot, cordons a node, and restores the cluster to what it was before that',
  whyNot: withoutEtcd,
  async run(real, see) {
    await real.must('snapshot save', '--as', 'test-real-restore', '--yes');
    const [newest] = await listed(real, 'test-real-restore');
    const node = nodesOf(real.cluster).at(-1);
    if (newest === undefined || node === undefined) throw new Error('no snapshot was saved');
    await real.must('cordon', node.id);
    const cordoned = async (): Promise<number> =>
      (await (await real.api()).nodes()).filter((one) => one.cordoned).length;
    const before = await cordoned();
    const done = await real.must('snapshot restore', newest.name, '--name', real.cluster.name);
    see(check('k3s-ha snapshot restore', done.value['result'] === 'done', `${done.steps.length} steps`));
    const after = await cordoned();
    see(
      check(
        'a change since the snapshot is gone',
        before === after + 1,
        `${before} nodes cordoned before, ${after} after`,
      ),
    );
    see(await nodesAreReady(real));
    see(...(await etcdIsComplete(real)));
  },
};
