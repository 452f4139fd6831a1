import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../support/cluster';
import { factsWithSnapshots, planned } from '../../../support/snapshots';

const cluster = clusterOf();
const names = (base: string, server: string, ...times: readonly number[]): Record<string, number> =>
  Object.fromEntries(times.map((time) => [`${base}-${server}-${time}`, 100]));
const facts = factsWithSnapshots(cluster, {
  'server-1': {
    ...names('on-demand', 'server-1', 1_795_700_001, 1_795_700_003, 1_795_700_002),
    ...names('on-demand-special', 'server-1', 1_795_600_000),
    ...names('etcd-snapshot', 'server-1', 1_795_600_001, 1_795_600_002),
  },
  'server-2': names('on-demand', 'server-2', 1_795_700_004),
});

describe('pruning snapshots', () => {
  it('keeps the newest of each server, and all that is called otherwise', () => {
    expect(planned('prune-snapshots', cluster, facts, { keep: 1 }).steps).toEqual([
      'delete-snapshot:server-1:on-demand-server-1-1795700002',
      'delete-snapshot:server-1:on-demand-server-1-1795700001',
    ]);
    expect(planned('prune-snapshots', cluster, facts, { keep: 1, base: 'etcd-snapshot' }).steps).toEqual([
      'delete-snapshot:server-1:etcd-snapshot-server-1-1795600001',
    ]);
    expect(planned('prune-snapshots', cluster, facts, { keep: 3 }).steps).toEqual([]);
  });

  it('means what was there when it was asked for: one that is saved meanwhile makes no other one go', () => {
    const { intent } = planned('prune-snapshots', cluster, facts, { keep: 3 });
    const more = factsWithSnapshots(cluster, {
      'server-1': names('on-demand', 'server-1', 1_795_700_001, 1_795_700_002, 1_795_700_003, 1_795_700_009),
    });
    expect(planned('prune-snapshots', cluster, more, intent).steps).toEqual([]);
  });
});
