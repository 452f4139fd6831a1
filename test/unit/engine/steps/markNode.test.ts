import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { markNode } from '../../../../src/engine/steps/markNode';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf({ servers: 2, agents: 1 });
const [agent] = cluster.agents as [ClusterNode];
const marks = { labels: ['disk=ssd'], taints: ['gpu=yes:NoSchedule'] };
const step = markNode.step(agent, { name: 'agent-1', through: ['server-1', 'server-2'], ...marks }, 'the file has it');

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, answer: () => ({}), ...more });
}

describe('the step mark-node', () => {
  it('has a server give the Node what it lacks, and says what that is', async () => {
    const { outcome, calls } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'mark-node', 'agent-1', 'label', 'disk=ssd', 'taint', 'gpu=yes:NoSchedule'],
    ]);
    expect(step).toMatchObject({
      id: 'mark-node:agent-1:agent-1',
      about: 'agent-1',
      says: { title: 'Give its Node the label disk=ssd, the taint gpu=yes:NoSchedule' },
    });
  });

  it('asks the next server when one does not answer, and fails with the words of the last one', async () => {
    const first = (host: string) => (host === 'server-1' ? { stderr: 'connection refused', exitCode: 1 } : {});
    expect(await play({ answer: first })).toMatchObject({
      outcome: { kind: 'done' },
      asked: ['mark-node server-1', 'mark-node server-2'],
    });
    const all = await play({ answer: (host) => ({ stderr: `${host}: metadata.labels: Invalid value`, exitCode: 1 }) });
    expect(all.outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'mark-node-failed', host: 'server-2', why: 'server-2: metadata.labels: Invalid value' },
    });
  });

  it('is unknown when the connections break, and cancelled when that is wished', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await play({ cancelAt: 'mark-node' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
