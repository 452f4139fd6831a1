import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { dropEtcd } from '../../../../src/engine/steps/dropEtcd';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = dropEtcd.step(server, {}, 'K3s that starts with the data of a removed member waits for ever');
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

describe('the step drop-etcd', () => {
  it('puts the data of etcd aside', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'dropped\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([{ host: 'server-1', script: 'drop-etcd', args: ['/var/lib/rancher/k3s'] }]);
  });

  it('finds its work already done', async () => {
    expect((await play({ answer: () => ({ stdout: 'absent\n' }) })).outcome).toEqual({ kind: 'done' });
  });

  it('leaves the data of a K3s that has been started meanwhile', async () => {
    expect((await play({ answer: () => ({ exitCode: 4 }) })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'k3s-runs', host: 'server-1' },
    });
  });

  it('fails with the words of the host', async () => {
    const { outcome } = await play({
      answer: () => ({ stderr: 'mv: cannot move: Read-only file system\n', exitCode: 1 }),
    });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'etcd-not-dropped' } });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'drop-etcd' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
