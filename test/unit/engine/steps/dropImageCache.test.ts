import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { dropImageCache } from '../../../../src/engine/steps/dropImageCache';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf({ servers: 1, serverConfig: { 'data-dir': '/srv/k3s' } });
const [server] = cluster.servers as readonly [ClusterNode, ...ClusterNode[]];
const step = dropImageCache.step(server, {}, 'old releases take pins away');

describe('the step drop-image-cache', () => {
  it('is done when nothing is there any more, also when nothing was', async () => {
    const { outcome, calls } = await playStep({ cluster, step });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([{ script: 'drop-image-cache', args: ['/srv/k3s'] }]);
  });

  it('fails with what the host says', async () => {
    const answer = () => ({ exitCode: 1, stderr: 'rm: cannot remove: Read-only file system' });
    expect((await playStep({ cluster, step, answer })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'image-cache-stays', why: 'rm: cannot remove: Read-only file system' },
    });
  });

  it('does not know when the connection breaks, and is cancelled', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await playStep({ cluster, step, cancelAt: 'drop-image-cache' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
