import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { rotateToken } from '../../../../src/engine/steps/rotateToken';
import { clusterOf } from '../../../support/cluster';
import { withOpenrc } from '../../../support/openrc';
import { provisionedFacts, TOKEN } from '../../../support/plans';
import { playStep, type Played } from '../../../support/playStep';
import { type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = rotateToken.step(server, { done: false }, 'the file has another one');
const play = (answer: Answer): Promise<Played> => playStep({ cluster, facts: provisionedFacts(cluster), step, answer });

describe('the step rotate-token', () => {
  it('gives the new token by standard input alone, and is done when the server has it', async () => {
    const { outcome, calls } = await play(() => ({ stdout: 'token=new\n' }));
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ script, args, stdin }) => [script, args, stdin])).toEqual([
      ['rotate-token', ['/var/lib/rancher/k3s', '6443'], `${TOKEN}\n`],
    ]);
  });

  it('fails with what K3s answered, and says that the present token is valid still', async () => {
    const { outcome } = await play(() => ({ stdout: '>>> rotated\n{"message":"no"}\n<<< 500\ntoken=old\n' }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'token-not-rotated',
        message: expect.stringContaining('the present one is still valid') as string,
        why: '500: {"message":"no"}',
      },
    });
  });

  it('stops where K3s has written the new token down without taking it for good, now and the next time', async () => {
    const half = (stdout: string): Promise<Played> => play(() => ({ stdout }));
    expect((await half('>>> rotated\n{}\n<<< 500\ntoken=half\n')).outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'token-half-rotated',
        nextSteps: [expect.stringContaining('Restart no server') as string, expect.any(String)],
      },
    });
    expect((await half('token=half\n')).outcome).toMatchObject({ problem: { code: 'token-half-rotated' } });
  });

  it('names the log that the host has', async () => {
    const { outcome } = await playStep({
      cluster,
      facts: withOpenrc(provisionedFacts(cluster)),
      step,
      answer: () => ({ stdout: 'token=half\n' }),
    });
    expect(outcome).toMatchObject({
      problem: { nextSteps: [expect.stringContaining('"tail -n 200 /var/log/k3s.log"') as string, expect.any(String)] },
    });
  });

  it('names curl when the server has none, and is unknown when the connection goes', async () => {
    expect((await play(() => ({ exitCode: 3 }))).outcome).toMatchObject({ problem: { code: 'curl-missing' } });
    expect((await play(() => 'cut off')).outcome).toMatchObject({ kind: 'unknown' });
  });
});
