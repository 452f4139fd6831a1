import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { drain } from '../../../../src/engine/steps/drain';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play, type Played } from '../../../support/playStep';
import type { Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 2, agents: 1 });
const [agent] = cluster.agents as [ClusterNode];
const step = drain.step(
  agent,
  { name: 'agent-1', through: ['server-1', 'server-2'], timeoutMs: 60_000, emptyDir: true, unmanaged: false },
  'K3s is restarted there',
);

const KEPT = {
  stderr:
    'error when evicting pods/"web-1" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod\'s disruption budget.\nerror: global timeout reached: 10s',
  exitCode: 1,
};
const PODS = {
  stdout: `shop web-1 agent-1|Running|ReplicaSet||||True|app=web,\n---\n${JSON.stringify({
    items: [
      {
        metadata: { namespace: 'shop', name: 'web' },
        spec: { selector: { matchLabels: { app: 'web' } } },
        status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 },
      },
    ],
  })}`,
};
const WHY = 'PodDisruptionBudget shop/web allows no pod to go: 1 pod of it is healthy, and 1 must stay so';

const kept: Answer = (_, script) => (script === 'pods' ? PODS : KEPT);

function play(more: Partial<Play> = {}): Promise<Played> {
  return playStep({ cluster, step, ...more });
}

describe('the step drain', () => {
  it('has a server evict the pods, in turns of ten seconds', async () => {
    const { outcome, calls } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls.map(({ host, script, args }) => [host, script, ...args])).toEqual([
      ['server-1', 'drain', 'agent-1', '10', '--delete-emptydir-data'],
    ]);
  });

  it('asks the next server when one does not answer', async () => {
    const { outcome, asked } = await play({
      answer: (host) => (host === 'server-1' ? { stderr: 'connection refused', exitCode: 1 } : {}),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['drain server-1', 'drain server-2']);
  });

  it('goes on while a budget keeps a pod, and tells which, once', async () => {
    const { outcome, told } = await play({
      answer: (host, script, turn) => (script === 'drain' && turn === 2 ? {} : kept(host, script, turn)),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([`shop/web-1 may not go yet: ${WHY}`]);
  });

  it('fails when its time is over, with the pod, its budget and where to look', async () => {
    expect((await play({ answer: kept })).outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'drain-blocked',
        host: 'agent-1',
        message: 'agent-1 was not drained within 1 min: shop/web-1 may not go',
        why: `${WHY}.`,
        nextSteps: [
          'See "kubectl get pdb web --namespace shop".',
          'Run more replicas than the budget wants, or change the budget, then run again.',
        ],
      },
    });
  });

  it('says as much as it knows when the budgets cannot be read', async () => {
    const { outcome, told } = await play({
      answer: (_, script) => (script === 'pods' ? { stderr: 'refused', exitCode: 1 } : KEPT),
    });
    expect(told).toEqual(['shop/web-1 may not go yet: a PodDisruptionBudget']);
    expect(outcome).toMatchObject({ problem: { why: 'A PodDisruptionBudget does not allow it.' } });
  });

  it('names pods that do not end', async () => {
    const stderr =
      'error: error when waiting for pod "db-0" in namespace "shop" to terminate: global timeout reached: 10s';
    const { outcome, told } = await play({ answer: () => ({ stderr, exitCode: 1 }) });
    expect(told).toEqual(['waiting until shop/db-0 has ended']);
    expect(outcome).toMatchObject({
      problem: { code: 'drain-slow', message: 'agent-1 was not drained within 1 min: 1 pod did not end' },
    });
  });

  it('stops at once for pods that would be lost, and asks nobody else', async () => {
    const stderr =
      'error: unable to drain\n cannot delete Pods that declare no controller (use --force to override): shop/bare';
    const { outcome, asked } = await play({ answer: () => ({ stderr, exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'drain-refused', details: ['nothing makes them anew: shop/bare'] },
    });
    expect(asked).toEqual(['drain server-1']);
  });

  it('is done for a node that the cluster does not have', async () => {
    const stderr = 'Error from server (NotFound): nodes "agent-1" not found';
    expect((await play({ answer: () => ({ stderr, exitCode: 1 }) })).outcome).toEqual({ kind: 'done' });
  });

  it('is unknown when the connections break, and cancelled when that is wished', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await play({ cancelAt: 'drain' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
