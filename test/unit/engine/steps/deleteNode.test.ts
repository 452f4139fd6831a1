import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { deleteNode } from '../../../../src/engine/steps/deleteNode';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';
import { nodesText, type Answer } from '../../../support/scriptedHosts';
import { apiNode } from '../../health/nodes';

const cluster = clusterOf({ servers: 3 });
const [server] = cluster.servers as [ClusterNode];
const step = deleteNode.step(server, { name: 'server-3', member: true }, '', { about: 'server-3' });
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

/** The Node is there for so many looks. */
const goneAfter =
  (looks: number): Answer =>
  (_, script, turn) =>
    script !== 'nodes' ? {} : { stdout: nodesText(...(turn < looks ? [apiNode({ name: 'server-3' })] : [])) };

describe('the step delete-node', () => {
  it('asks a server that stays, and is done when the Node is gone', async () => {
    const { outcome, calls, told } = await play({ answer: goneAfter(0) });
    expect([outcome, told]).toEqual([{ kind: 'done' }, []]);
    expect(calls).toMatchObject([
      { host: 'server-1', script: 'delete-node', args: ['server-3'] },
      { host: 'server-1', script: 'nodes' },
    ]);
    expect(step.says.title).toContain('which can take 50 s');
  });

  it('waits for the finalizer, and says what K3s waits for', async () => {
    const { outcome, told } = await play({ answer: goneAfter(40) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([expect.stringContaining('lease kube-system/k3s-etcd')]);
  });

  it('goes on while the cluster elects a leader', async () => {
    const { outcome, told } = await play({
      answer: (host, script, turn) =>
        turn < 3 && script === 'nodes'
          ? { exitCode: 1, stderr: 'Error from server: etcdserver: request timed out' }
          : goneAfter(0)(host, script, turn),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told.join()).toContain('etcdserver: request timed out');
  });

  it('fails when the Node stays, with what may hold it', async () => {
    const { outcome } = await play({ answer: goneAfter(Infinity) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'node-not-deleted', host: 'server-1', why: expect.stringContaining('finalizer') },
    });
  });

  it('fails when the cluster refuses for good', async () => {
    const { outcome } = await play({ answer: () => ({ exitCode: 1, stderr: 'error: forbidden' }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'node-not-deleted', why: 'error: forbidden' } });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'nodes', answer: goneAfter(1) })).outcome).toEqual({ kind: 'cancelled' });
  });
});
