import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { putAside } from '../../../../src/engine/steps/putAside';
import { clusterOf } from '../../../support/cluster';
import { etcdText } from '../../../support/scriptedHosts';
import { playStep } from '../../../support/playStep';
import { provisionedFacts } from '../../../support/plans';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const [agent] = cluster.agents as [ClusterNode];
const step = putAside.step(server, { role: 'server', files: [] }, 'it comes back if the new state does not work');

describe('the step put-aside', () => {
  it('keeps what the unit of the role was started with', async () => {
    expect(await playStep({ cluster, step })).toMatchObject({
      outcome: { kind: 'done' },
      calls: [{ host: 'server-1', script: 'put-aside', args: ['k3s'] }],
    });
    const other = putAside.step(agent, { role: 'agent', files: [] }, '');
    expect((await playStep({ cluster, step: other })).calls[0]?.args).toEqual(['k3s-agent']);
  });

  it('fails with the words of the host, so that nothing is changed', async () => {
    const stderr = 'cp: error writing: No space left on device\n';
    expect((await playStep({ cluster, step, answer: () => ({ stderr, exitCode: 1 }) })).outcome).toMatchObject({
      kind: 'failed',
      problem: {
        message: 'The present state could not be put aside, so nothing was changed',
        why: stderr.trim(),
        nextSteps: [expect.stringContaining('Free disk space')],
      },
    });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, cancelAt: 'put-aside' })).outcome).toEqual({ kind: 'cancelled' });
  });

  it('is refused by its guards before the host is touched', async () => {
    const guarded = putAside.step(server, { role: 'server', files: [] }, '', { guards: ['api-answers', 'quorum'] });
    const members = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
    const { outcome, asked } = await playStep({
      cluster,
      step: guarded,
      facts: provisionedFacts(cluster),
      answer: (host, script) => {
        if (host === 'server-3') return { stderr: 'connect: no route to host', exitCode: 1 };
        return script === 'etcd-members' ? { stdout: etcdText(members, Number(host.slice(-1))) } : {};
      },
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'restart-would-break-cluster',
        why: expect.stringContaining('server-3 does not answer') as string,
      },
    });
    expect(asked.filter((call) => call.startsWith('put-aside'))).toEqual([]);
  });
});
