import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { placeFile } from '../../../../src/engine/steps/placeFile';
import { BINARY_PATH } from '../../../../src/core/k3s/paths';
import { airgapOf, releaseTexts } from '../../../support/airgap';
import { clusterOf } from '../../../support/cluster';
import { sha256 } from '../../../support/plans';
import { playStep } from '../../../support/playStep';

const KEY = 'PRIVATE';
const cluster = clusterOf({
  datastore: { type: 'etcd', endpoint: 'https://10.0.0.60:2379', keyFile: './certs/client.key' },
});
const [server] = cluster.servers as [ClusterNode];
const path = '/etc/rancher/k3s/k3s-ha/datastore-client.key';
const step = placeFile.step(server, { path, mode: '0600' }, 'it is not there yet');
const texts = { './certs/client.key': KEY };

describe('the step place-file', () => {
  it('sends the file for root alone, as it was read for the plan', async () => {
    const { outcome, calls } = await playStep({ cluster, step, texts });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([{ host: 'server-1', script: 'upload-file' }]);
    expect(calls[0]?.args).toEqual([path, '0600', '7', '', '', 'restart']);
    expect(calls[0]?.stdin).toBe(KEY);
    expect(JSON.stringify(step)).not.toContain(KEY);
  });

  it('puts the binary of K3s in place without remembering it as a file that may be taken away', async () => {
    const text = releaseTexts('v1.36.3+k3s1')['./airgap/k3s'] ?? '';
    const behind = { ...cluster, k3s: airgapOf(cluster).k3s };
    const binary = placeFile.step(server, { path: BINARY_PATH, mode: '0755', size: 75e6 }, 'it is not there yet');
    expect(binary.says.title).toBe('Write /usr/local/bin/k3s (0755, 75 MB)');
    const played = await playStep({ cluster: behind, step: binary, texts: releaseTexts('v1.36.3+k3s1') });
    expect(played.outcome).toEqual({ kind: 'done' });
    expect(played.calls[0]?.args).toEqual([BINARY_PATH, '0755', String(text.length), sha256(text)]);
  });

  it('fails with the words of the host', async () => {
    const stderr = 'cat: write error: No space left on device\n';
    const { outcome } = await playStep({ cluster, step, texts, answer: () => ({ stderr, exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { host: 'server-1', message: `${path} could not be written`, why: stderr.trim() },
    });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, texts, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, texts, cancelAt: 'upload-file' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
