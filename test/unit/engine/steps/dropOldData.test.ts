import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { dropOldData } from '../../../../src/engine/steps/dropOldData';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf({ servers: 1, agents: 0, serverConfig: { 'data-dir': '/data/k3s' } });
const [server] = cluster.servers as [ClusterNode];

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step: dropOldData.step(server, {}, 'they take room'), ...more });
}

describe('the step drop-old-data', () => {
  it('removes them below the folder of K3s, and says how many', async () => {
    const { outcome, told, calls } = await play({
      answer: () => ({ stdout: '/data/k3s/data/aa\n/data/k3s/data/bb\n' }),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['2 folders removed']);
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'drop-old-data', '/data/k3s'],
    ]);
  });

  it('is done when there are none any more, and fails with what the host says', async () => {
    expect((await play()).outcome).toEqual({ kind: 'done' });
    expect(
      (await play({ answer: () => ({ stderr: 'rm: Read-only file system', exitCode: 1 }) })).outcome,
    ).toMatchObject({
      kind: 'failed',
      problem: { code: 'old-data-stays', why: 'rm: Read-only file system' },
    });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await play({ cancelAt: 'drop-old-data' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
