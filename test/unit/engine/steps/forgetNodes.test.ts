import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { forgetNodes } from '../../../../src/engine/steps/forgetNodes';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as readonly [ClusterNode];
const step = forgetNodes.step(server, { own: 'h1', keep: ['h1', 'h9'] }, 'new machines may have their names');
const nodes = (...names: readonly string[]) => ({
  stdout: JSON.stringify({ items: names.map((name) => ({ metadata: { name }, status: {} })) }),
});

describe('the step forget-nodes', () => {
  it('deletes every Node but those that are here, and waits until K3s has let go of them', async () => {
    const { outcome, calls, told } = await playStep({
      cluster,
      step,
      answer: (_, script, turn) =>
        script === 'nodes' ? (turn < 2 ? nodes('h1', 'h2', 'agent-1', 'h9') : nodes('h1', 'h9')) : {},
    });
    expect(outcome).toEqual({ kind: 'done' });
    const forgotten = calls.filter(({ script }) => script === 'forget-nodes').map(({ args }) => args);
    expect(forgotten[0]).toEqual(['h1', 'h2', 'agent-1']);
    // The password of this server goes in any case: its own machine is another one than then.
    expect(forgotten.at(-1)).toEqual(['h1']);
    expect(told[0]).toContain('2 Nodes of former machines: h2 and agent-1');
  });

  it('goes on when the API does not answer for a moment, and fails with what is left when its time is over', async () => {
    const { outcome, told } = await playStep({
      cluster,
      step,
      startTimeoutMs: 3000,
      answer: (_, script, turn) =>
        script === 'nodes' ? (turn === 0 ? { exitCode: 1, stderr: 'refused' } : nodes('h1', 'h2')) : {},
    });
    expect(told).toEqual(['refused', '1 Node of former machines: h2']);
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'nodes-not-forgotten', why: '1 Node of former machines: h2' },
    });
  });

  it('is cut off with the connection, and ends as cancelled', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, cancelAt: 'nodes' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
