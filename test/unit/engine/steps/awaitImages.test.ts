import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { awaitImages } from '../../../../src/engine/steps/awaitImages';
import { airgapOf, RELEASE_IMAGES, releaseTexts } from '../../../support/airgap';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = airgapOf(clusterOf());
const [server] = cluster.servers as readonly [ClusterNode, ...ClusterNode[]];
const [DNS = '', PAUSE = ''] = RELEASE_IMAGES;
const step = awaitImages.step(server, { images: 2 }, 'nothing else brings them');
const told = (dns: string, pause: string, ...more: readonly string[]): { stdout: string } => ({
  stdout: `${[`${dns} ${DNS}`, `${pause} ${PAUSE}`, ...more].join('\n')}\n`,
});

function play(answer: Play['answer'], more: Partial<Play> = {}): Promise<Played> {
  const base = { cluster, step, texts: releaseTexts('v1.36.3+k3s1') };
  return playStep({ ...base, ...(answer === undefined ? {} : { answer }), ...more });
}

describe('the step await-images', () => {
  it('is done at once where all are there and pinned', async () => {
    const { outcome, calls } = await play(() => told('pinned', 'pinned'));
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([
      { script: 'node-images', stdin: `${DNS}\n${PAUSE}\n`, args: [expect.anything(), 'k3s'] },
    ]);
  });

  it('waits while K3s imports, and says how far it is', async () => {
    const replies = [
      { exitCode: 1, stderr: 'ctr: failed to dial' },
      told('missing', 'pinned'),
      told('pinned', 'pinned'),
    ];
    const { outcome, told: words } = await play((_, __, turn) => replies[turn] ?? {});
    expect(outcome).toEqual({ kind: 'done' });
    expect(words).toEqual(['1 of 2 images there and pinned']);
  });

  it('fails when K3s has tried all archives, in its words', async () => {
    const failure = 'failure time="x" level=error msg="Error encountered while importing a.tar.zst: unexpected EOF"';
    const { outcome, calls } = await play(() => told('missing', 'pinned', failure, 'over'));
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'images-lacking',
        host: 'server-1',
        message: `On server-1 ${DNS} is not there`,
        why: 'K3s says: Error encountered while importing a.tar.zst: unexpected EOF.',
      },
    });
    expect(calls).toHaveLength(2);
  });

  it('fails when the time is over, and names what is not pinned and why', async () => {
    const { outcome } = await play(() => told('loose', 'missing', 'cache'));
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        message: `On server-1 ${PAUSE} is not there and ${DNS} is not pinned`,
        why: expect.stringContaining('.cache.json') as string,
      },
    });
  });

  it('fails when containerd does not answer to the end', async () => {
    const { outcome } = await play(() => ({ exitCode: 1, stderr: 'ctr: failed to dial' }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'images-unreadable', why: 'ctr: failed to dial' },
    });
  });

  it('does not know when the connection breaks, and stops waiting when it is cancelled', async () => {
    expect((await play(() => 'cut off')).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play(undefined, { cancelAt: 'node-images' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
