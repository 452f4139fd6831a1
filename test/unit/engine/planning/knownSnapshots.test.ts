import { describe, expect, it } from 'vitest';
import { listSnapshots } from '../../../../src/core/remote/listSnapshots';
import { knownSnapshots } from '../../../../src/engine/planning/knownSnapshots';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterOf } from '../../../support/cluster';
import { factsWithSnapshots, SNAPSHOTS } from '../../../support/snapshots';

const cluster = clusterOf();

/** As recorded of a real K3s, with two servers h1 and h2. */
const RECORDED = readFileSync(join(import.meta.dirname, '../../../fixtures/k3s/etcdsnapshotfiles.json'), 'utf8');

describe('the snapshots that are known', () => {
  it('are those of the disks, with what K3s says of each, and those in S3 or on a machine that was not seen', () => {
    const facts = factsWithSnapshots(cluster, {
      'server-1': { 'etcd-snapshot-server-1-1795737601': 100, 'x-server-1-1795739771': 0 },
    });
    const object = (name: string, node: string, location: string) => ({
      name,
      node,
      location,
      size: 100,
      created: 1_795_739_771_000,
      tokenHash: 'b7b9eb167c57',
    });
    const known = knownSnapshots({ cluster, facts }, [
      object('x-server-1-1795739771', 'server-1', `file://${SNAPSHOTS}/x-server-1-1795739771`),
      object('x-server-1-1795739771', 's3', 's3://b/x'),
      object('y-old-1795739999', 'old', 'file:///y'),
      object('failed', 'server-1', ''),
    ]);
    expect(known).toMatchObject([
      {
        name: 'x-server-1-1795739771',
        base: 'x',
        scheduled: false,
        tokenHash: 'b7b9eb167c57',
        places: [
          { kind: 'disk', server: 'server-1', path: `${SNAPSHOTS}/x-server-1-1795739771`, size: 0, listed: 100 },
          { kind: 's3', location: 's3://b/x' },
        ],
      },
      { name: 'y-old-1795739999', places: [{ kind: 'unseen', node: 'old' }] },
      { name: 'etcd-snapshot-server-1-1795737601', base: 'etcd-snapshot', scheduled: true },
    ]);
  });

  it('are read from what a real K3s tells', () => {
    const read = listSnapshots().parse({ stdout: RECORDED, stderr: '', exitCode: 0 });
    expect(read.ok && read.value.map(({ name, node, size, tokenHash }) => [name, node, size, tokenHash])).toEqual([
      ['etcd-snapshot-h1-1795737601', 'h1', 1_298_464, 'b7b9eb167c57'],
      ['etcd-snapshot-h2-1795737602', 'h2', 1_306_656, 'b7b9eb167c57'],
      ['on-demand-h1-1795739773', 'h1', 3_063_840, 'b7b9eb167c57'],
      ['x-h1-1795739771', 'h1', 3_063_840, 'b7b9eb167c57'],
      ['x-h1-1795739774', 'h1', 3_063_840, 'b7b9eb167c57'],
    ]);
  });
});
