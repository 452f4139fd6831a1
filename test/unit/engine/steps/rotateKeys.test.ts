import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { rotateKeys } from '../../../../src/engine/steps/rotateKeys';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Played } from '../../../support/playStep';
import { type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = rotateKeys.step(server, {}, 'you asked for it');
const play = (answer: Answer): Promise<Played> => playStep({ cluster, facts: provisionedFacts(cluster), step, answer });

describe('the step rotate-keys', () => {
  it('is done when every Secret is encrypted with the new key, and says which', async () => {
    const { outcome, told } = await play(() => ({ stdout: 'stage=reencrypt_active\nkey=aescbckey-2026\n' }));
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['every Secret is encrypted with aescbckey-2026']);
  });

  it('N26: that ends before all Secrets are encrypted says what must not happen now', async () => {
    const { outcome } = await play(() => ({ exitCode: 6, stderr: 'stage reencrypt_active\n' }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'reencryption-unfinished',
        host: 'server-1',
        why: 'stage reencrypt_active',
        nextSteps: expect.arrayContaining([expect.stringContaining('Restart no server')]) as string[],
      },
    });
  });

  it('that K3s refuses has changed nothing, and one whose connection went is unknown', async () => {
    expect(
      (await play(() => ({ exitCode: 4, stderr: 'Server Encryption Hashes: hash does not match\n' }))).outcome,
    ).toMatchObject({
      problem: { code: 'encryption-not-ready', why: 'Server Encryption Hashes: hash does not match' },
    });
    expect((await play(() => ({ exitCode: 5, stderr: 'level=fatal msg="no"\n' }))).outcome).toMatchObject({
      problem: { code: 'keys-not-rotated' },
    });
    expect((await play(() => 'cut off')).outcome).toMatchObject({ kind: 'unknown' });
  });
});
