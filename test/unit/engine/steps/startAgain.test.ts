import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { StepState } from '../../../../src/core/plan/step';
import { startAgain } from '../../../../src/engine/steps/startAgain';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';
import { etcdText, nodesText, unitText, type Answer } from '../../../support/scriptedHosts';
import { apiNode } from '../../health/nodes';

const cluster = clusterOf({ servers: 3 });
const [, , leaving] = cluster.servers as [ClusterNode, ClusterNode, ClusterNode];
const until = 'delete-node:server-1:server-3';
const step = startAgain.step(leaving, { role: 'server', name: 'server-3', through: 'server-1', until }, '', {
  always: true,
});
const play = (stopped: StepState, deleted: StepState, more: Partial<Play> = {}) =>
  playStep({ cluster, step, states: { 'stop-k3s:server-3': stopped, [until]: deleted }, ...more });

const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));

/** The cluster has this Node; what is started comes up. */
const knows =
  (node: unknown): Answer =>
  (_, script) => {
    if (script === 'nodes') return { stdout: nodesText(...(node === undefined ? [] : [node])) };
    if (script === 'unit-status') return { stdout: unitText({}) };
    return script === 'etcd-members' ? { stdout: etcdText(MEMBERS, 3) } : {};
  };
const NODE = apiNode({ name: 'server-3' }) as { metadata: object };

describe('the step start-again', () => {
  it('has nothing to do when the Node is gone, or K3s was never stopped', async () => {
    for (const [stopped, deleted] of [
      ['done', 'done'],
      ['skipped', 'skipped'],
    ] as const)
      expect(await play(stopped, deleted)).toMatchObject({ outcome: { kind: 'done' }, asked: [] });
  });

  it.each([
    ['done', 'cancelled'],
    ['failed', 'skipped'],
    ['cancelled', 'cancelled'],
  ] as const)('starts K3s again and proves it: stopping %s, deleting %s', async (stopped, deleted) => {
    const { outcome, asked } = await play(stopped, deleted, { answer: knows(NODE) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked.slice(0, 2)).toEqual(['nodes server-1', 'unit-control server-3']);
  });

  it.each([
    ['is gone', undefined],
    ['is being deleted', { ...NODE, metadata: { ...NODE.metadata, deletionTimestamp: '2026-11-27T00:27:41Z' } }],
  ])('leaves K3s stopped when the Node %s', async (_, node) => {
    const { outcome, asked, told } = await play('done', 'cancelled', { answer: knows(node) });
    expect([outcome.kind, asked]).toEqual(['done', ['nodes server-1']]);
    expect(told.join()).toContain('run the same command again');
  });

  it('leaves it stopped when nobody can tell', async () => {
    const { outcome, asked } = await play('done', 'unknown', { answer: () => 'cut off' });
    expect([outcome.kind, asked]).toEqual(['done', ['nodes server-1']]);
  });

  it('fails when K3s does not come up', async () => {
    const { outcome } = await play('done', 'cancelled', {
      answer: (host, script, turn) =>
        script === 'unit-status'
          ? { stdout: unitText({ active: 'failed', sub: 'failed' }) }
          : knows(NODE)(host, script, turn),
    });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'start-failed' } });
  });

  it('stops waiting when it is cancelled', async () => {
    const { outcome } = await play('done', 'cancelled', { answer: knows(NODE), cancelAt: 'unit-status' });
    expect(outcome.kind).toBe('cancelled');
  });
});
