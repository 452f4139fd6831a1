import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { awaitNodes } from '../../../../src/engine/steps/awaitNodes';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';
import { nodesText, type Answer } from '../../../support/scriptedHosts';
import { apiNode, SERVER_LABELS } from '../../health/nodes';

const cluster = clusterOf({ servers: 1, agents: 1 });
const [server] = cluster.servers as [ClusterNode];
const step = awaitNodes.step(server, { nodes: ['server-1', 'agent-1'] }, 'a node counts only when Kubernetes says so');

const FIRST = apiNode({ name: 'server-1', ip: '10.0.0.11', labels: SERVER_LABELS });
const NOT_READY = { status: 'False', reason: 'KubeletNotReady', message: 'container runtime network not ready' };
const other = (ready?: Record<string, unknown>): unknown =>
  apiNode({ name: 'agent-1', ip: '10.0.1.11', ...(ready === undefined ? {} : { ready }) });

/** The cluster as its server tells it at each look; the last one stays. */
const looks =
  (...items: readonly (readonly unknown[])[]): Answer =>
  (_, __, turn) => ({ stdout: nodesText(...(items[Math.min(turn, items.length - 1)] ?? [])) });

describe('the step await-nodes', () => {
  it('is done at the first look when all are Ready', async () => {
    expect(await playStep({ cluster, step, answer: looks([FIRST, other()]) })).toMatchObject({
      outcome: { kind: 'done' },
      asked: ['nodes server-1'],
      told: [],
    });
  });

  it('waits and tells who is lacking, each state once', async () => {
    const answer = looks([FIRST], [FIRST], [FIRST, other(NOT_READY)], [FIRST, other()]);
    const { outcome, told, asked } = await playStep({ cluster, step, answer });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toHaveLength(4);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^agent-1 is /);
    expect(told[1]).toContain('agent-1 is');
  });

  it('does not wait for nodes that it was not told to', async () => {
    const own = awaitNodes.step(server, { nodes: ['server-1'] }, '');
    expect((await playStep({ cluster, step: own, answer: looks([FIRST]) })).outcome).toEqual({ kind: 'done' });
  });

  it('without a network of its own takes registered for enough', async () => {
    const bare = clusterOf({ servers: 1, agents: 1, serverConfig: { 'flannel-backend': 'none' } });
    const answer = looks([FIRST, other(NOT_READY)]);
    expect((await playStep({ cluster: bare, step, answer })).outcome).toEqual({ kind: 'done' });
  });

  it('fails with the words of Kubernetes when one stays away', async () => {
    const { outcome } = await playStep({ cluster, step, answer: looks([FIRST, other(NOT_READY)]) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'nodes-not-ready',
        message: expect.stringMatching(/^Not all nodes became Ready: agent-1 is .*network not ready/) as string,
      },
    });
  });

  it('goes on asking while the API does not answer, and fails with its words when it never does', async () => {
    const away: Answer = () => ({ stderr: 'The connection to the server was refused', exitCode: 1 });
    const back = looks([FIRST, other()]);
    const { outcome } = await playStep({
      cluster,
      step,
      answer: (host, script, turn) => (turn < 3 ? away(host, script, turn) : back(host, script, turn)),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect((await playStep({ cluster, step, answer: away })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'nodes-unreadable', why: 'The connection to the server was refused' },
    });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, cancelAt: 'nodes' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
