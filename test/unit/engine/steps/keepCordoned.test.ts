import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { keepCordoned } from '../../../../src/engine/steps/keepCordoned';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf({ servers: 2, agents: 1 });
const [agent] = cluster.agents as [ClusterNode];
const step = keepCordoned.step(agent, { name: 'agent-1', through: ['server-1', 'server-2'] }, 'you asked for it');
const play = (more: Partial<Play> = {}): Promise<Played> =>
  playStep({ cluster, step, answer: () => ({ stdout: 'yes\n' }), ...more });

describe('the step keep-cordoned', () => {
  it('is asked of a server, and says that it stays', async () => {
    const { outcome, calls } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'set-schedulable', 'agent-1', 'no'],
    ]);
    expect(step.says.title).toContain('stays so until you uncordon it');
  });

  it('is done where it was so already, and asks the next server when one is silent', async () => {
    expect((await play({ answer: () => ({ stdout: 'no\n' }) })).outcome).toEqual({ kind: 'done' });
    const { outcome, asked } = await play({
      answer: (host) => (host === 'server-1' ? { stderr: 'refused', exitCode: 1 } : { stdout: 'yes\n' }),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['set-schedulable server-1', 'set-schedulable server-2']);
  });

  it('fails with the words of the last server', async () => {
    expect((await play({ answer: (host) => ({ stderr: `${host} refused`, exitCode: 1 }) })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'schedulable-failed', why: 'server-2 refused' },
    });
  });

  it('is unknown when the connections break, and cancelled when that is wished', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await play({ cancelAt: 'set-schedulable' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
