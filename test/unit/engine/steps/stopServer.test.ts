import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { stopServer } from '../../../../src/engine/steps/stopServer';
import { clusterOf } from '../../../support/cluster';
import { withOpenrc } from '../../../support/openrc';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Played } from '../../../support/playStep';
import { type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const step = stopServer.step(server, {}, 'all have to be stopped');
const play = (answer: Answer): Promise<Played> => playStep({ cluster, step, answer });

describe('the step stop-server', () => {
  it('says that the API goes, and stops the unit', async () => {
    expect(step.says.title).toContain('the API is away');
    const { outcome, calls } = await play(() => ({}));
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ script, args }) => [script, args])).toEqual([['unit-control', ['stop', 'k3s']]]);
  });

  it('fails in the words of OpenRC where that has started the host', async () => {
    const facts = withOpenrc(provisionedFacts(cluster));
    const { outcome } = await playStep({ cluster, facts, step, answer: () => ({ exitCode: 1 }) });
    expect(outcome).toMatchObject({
      problem: {
        message: 'OpenRC could not stop k3s',
        nextSteps: [expect.stringContaining('"rc-service k3s status"')],
      },
    });
  });

  it('fails with what systemd says, and is unknown when the connection goes', async () => {
    expect((await play(() => ({ exitCode: 1, stderr: 'Job for k3s.service canceled.\n' }))).outcome).toMatchObject({
      problem: { code: 'unit-control-failed', why: 'Job for k3s.service canceled.' },
    });
    expect((await play(() => 'cut off')).outcome).toMatchObject({ kind: 'unknown' });
  });
});
