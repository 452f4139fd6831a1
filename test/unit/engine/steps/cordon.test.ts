import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { cordon } from '../../../../src/engine/steps/cordon';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';
import type { Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 2, agents: 1 });
const [agent] = cluster.agents as [ClusterNode];
const step = cordon.step(agent, { name: 'agent-1', through: ['server-1', 'server-2'] }, 'its pods are to leave');
const says =
  (word: string): Answer =>
  () => ({ stdout: `${word}\n` });

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, answer: says('cordoned'), ...more });
}

describe('the step cordon', () => {
  it('is asked of a server, not of the machine itself, and is shown there', async () => {
    const { outcome, calls } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([['server-1', 'cordon', 'agent-1']]);
    expect(step).toMatchObject({ id: 'cordon:agent-1:agent-1', about: 'agent-1' });
  });

  it('asks the next server when one does not answer', async () => {
    const answer: Answer = (host) =>
      host === 'server-1' ? { stderr: 'connection refused', exitCode: 1 } : { stdout: 'cordoned\n' };
    const { outcome, asked } = await play({ answer });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['cordon server-1', 'cordon server-2']);
  });

  it('says that somebody else has done it, and is done for a node that is none', async () => {
    const { outcome, told } = await play({ answer: says('foreign') });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['somebody else has cordoned agent-1, so it stays cordoned afterwards']);
    expect((await play({ answer: says('absent') })).outcome).toEqual({ kind: 'done' });
  });

  it('fails with the words of the last server', async () => {
    const { outcome } = await play({ answer: (host) => ({ stderr: `${host} refused`, exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'cordon-failed', host: 'server-2', why: 'server-2 refused' },
    });
  });

  it('is unknown when the connections break, and cancelled when that is wished', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await play({ cancelAt: 'cordon' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
