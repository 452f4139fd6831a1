import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { writeConfig } from '../../../../src/engine/steps/writeConfig';
import { clusterOf } from '../../../support/cluster';
import { planFor, provisionedFacts, TOKEN } from '../../../support/plans';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [, second] = cluster.servers as [ClusterNode, ClusterNode];
const step = writeConfig.step(second, { start: { kind: 'join', through: 'server-1' } }, 'there is none yet');

describe('the step write-config', () => {
  it('writes the whole file, readable by root alone, and its token goes by standard input', async () => {
    const { outcome, calls } = await playStep({ cluster, step });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toHaveLength(1);
    expect(calls[0]?.args.slice(0, 2)).toEqual(['/etc/rancher/k3s/config.yaml', '0600']);
    expect(calls[0]?.stdin).toContain('server: https://10.0.0.11:6443\n');
    expect(calls[0]?.stdin).toContain(`token: ${TOKEN}\n`);
    expect(calls[0]?.args.join(' ')).not.toContain(TOKEN);
    expect(JSON.stringify(step)).not.toContain(TOKEN);
  });

  it('fails with the words of the host, without the token in them', async () => {
    const { outcome } = await playStep({
      cluster,
      step,
      answer: () => ({ stderr: `cat: write error: No space left on device ${TOKEN}\n`, exitCode: 1 }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        host: 'server-2',
        message: '/etc/rancher/k3s/config.yaml could not be written',
        why: expect.stringContaining('No space left on device') as string,
        nextSteps: [expect.stringContaining('Free disk space')],
      },
    });
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  });

  it('is unknown when the connection breaks', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('is cancelled while the file travels', async () => {
    expect((await playStep({ cluster, step, cancelAt: 'upload-file' })).outcome).toEqual({ kind: 'cancelled' });
  });

  it('is not planned where the file says the same already', () => {
    const facts = provisionedFacts(cluster);
    const kinds = (): string[] => planFor(cluster, facts).steps.map(({ id }) => id);
    expect(kinds()).toEqual([]);
    const seen = facts.get('server-2');
    if (seen !== undefined) facts.set('server-2', { ...seen, config: `${seen.config}debug: true\n` });
    expect(kinds()).toContain('write-config:server-2');
  });
});
