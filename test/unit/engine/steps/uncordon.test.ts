import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { uncordon } from '../../../../src/engine/steps/uncordon';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';
import type { Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 2, agents: 1 });
const [agent] = cluster.agents as [ClusterNode];
const step = uncordon.step(agent, { name: 'agent-1', through: ['server-1', 'server-2'] }, 'it is back', {
  always: true,
});
const REFUSED = { stderr: 'The connection to the server was refused', exitCode: 1 };

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, answer: () => ({ stdout: 'cordoned\n' }), ...more });
}

describe('the step uncordon', () => {
  it('lets pods onto the node again, asked of a server', async () => {
    const { outcome, calls } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'uncordon', 'agent-1'],
    ]);
  });

  it.each(['foreign', 'absent'])('is done when the node is %s', async (word) => {
    expect((await play({ answer: () => ({ stdout: `${word}\n` }) })).outcome).toEqual({ kind: 'done' });
  });

  it('waits for a server that answers', async () => {
    const answer: Answer = (_, __, turn) => (turn < 3 ? REFUSED : { stdout: 'cordoned\n' });
    const { outcome, told } = await play({ answer });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(Array.from({ length: 3 }, () => 'waiting for a server that answers'));
  });

  it('says how to do it by hand when none ever does', async () => {
    const { outcome } = await play({ answer: () => REFUSED });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'uncordon-failed',
        why: REFUSED.stderr,
        nextSteps: [
          'Uncordon it when a server answers again: sudo k3s kubectl uncordon agent-1. The next run does it, too.',
        ],
      },
    });
  });

  it('is unknown when the connections stay broken, and cancelled when that is wished', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await play({ cancelAt: 'uncordon' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
