import { etcdMembers } from '../../../src/core/cluster/roles';
import { check } from '../check';
import type { RealOperation } from '../operation';
import type { RealCluster } from '../realCluster';

export const snapshot: RealOperation = {
  id: 'snapshot',
  does: 'saves a snapshot of etcd on a server, lists it and deletes it',
  whyNot: withoutEtcd,
  async run(real, see) {
    await real.must('snapshot save', '--as', 'test-real', '--yes');
    const mine = await listed(real, 'test-real');
    see(
      check('listed with its size', mine.length === 1 && (mine[0]?.size ?? 0) > 0, mine.map(told).join(', ') || 'none'),
    );
    await real.must('snapshot delete', ...mine.map(({ name }) => name), '--yes');
    see(check('gone afterwards', (await listed(real, 'test-real')).length === 0, 'deleted'));
  },
};

/** Why a cluster has no snapshots. */
export function withoutEtcd({ cluster }: RealCluster): string | undefined {
  return etcdMembers(cluster).length > 0 ? undefined : 'its datastore is not embedded etcd';
}

interface Listed {
  readonly name: string;
  readonly base: string;
  readonly size: number;
}

/** The snapshots that were called so. */
export async function listed(real: RealCluster, base: string): Promise<readonly Listed[]> {
  const { snapshots } = (await real.must('snapshot list')).value as { readonly snapshots?: readonly Listed[] };
  return (snapshots ?? []).filter((one) => one.base === base);
}

function told({ name, size }: Listed): string {
  return `${name} (${size} bytes)`;
}
