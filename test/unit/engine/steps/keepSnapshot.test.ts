import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { CopyOptions, SnapshotSheet } from '../../../../src/engine/snapshots/copiedSnapshot';
import { keepSnapshot } from '../../../../src/engine/steps/keepSnapshot';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [, server] = cluster.servers as readonly [ClusterNode, ClusterNode];
const step = keepSnapshot.step(
  server,
  { snapshot: { base: 'before-reset' }, folder: '/home/ada/backup' },
  'it is all there is',
);
const SHEET: SnapshotSheet = {
  cluster: 'edge',
  snapshot: 'before-reset-server-2-1795739771',
  size: 4_000_000,
  sha256: 'ab'.repeat(32),
  created: '2026-11-27T00:00:00.000Z',
  tokenHashes: [],
  token: '${secret:edge-token}',
  savedOn: 'server-2',
  servers: [],
};

describe('the step keep-snapshot', () => {
  it('copies what was saved on its server into the folder, and tells where it is and what opens it', async () => {
    const asked: CopyOptions[] = [];
    const { outcome, told } = await playStep({
      cluster,
      step,
      copies: async (options) => {
        asked.push(options);
        for (const bytes of [1, 400_000, 4_000_000]) options.onReceived?.(bytes, 4_000_000);
        return ok({ path: options.place(SHEET.snapshot), sheet: SHEET });
      },
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toMatchObject([{ snapshot: { base: 'before-reset' }, from: 'server-2' }]);
    expect(told).toEqual([
      '0.4 MB of 4.0 MB have come',
      '4.0 MB of 4.0 MB have come',
      `/home/ada/backup/before-reset-server-2-1795739771 is here: 4.0 MB, sha256 ${SHEET.sha256}; the token of the cluster opens it (\${secret:edge-token})`,
    ]);
  });

  it('fails with the reason and the server when not all of it has come', async () => {
    const damaged = problem('download-damaged', 'What came is not what is there');
    const { outcome } = await playStep({ cluster, step, copies: async () => err(damaged) });
    expect(outcome).toEqual({ kind: 'failed', problem: { ...damaged, host: 'server-2' } });
  });

  it('ends as cancelled when the person cancels while bytes come', async () => {
    const cancel = new AbortController();
    const { outcome } = await playStep({
      cluster,
      step,
      cancel,
      copies: async ({ signal }) => {
        cancel.abort();
        expect(signal?.aborted).toBe(true);
        return err(problem('remote-cancelled', 'The work on server-2 was cancelled'));
      },
    });
    expect(outcome).toEqual({ kind: 'cancelled' });
  });
});
