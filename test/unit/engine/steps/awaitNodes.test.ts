import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { awaitNodes } from '../../../../src/engine/steps/awaitNodes';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';
import { nodesText, reportsText, type Answer } from '../../../support/scriptedHosts';
import { apiNode, SERVER_LABELS } from '../../health/nodes';

const cluster = clusterOf({ servers: 1, agents: 1 });
const [server] = cluster.servers as [ClusterNode];
const step = awaitNodes.step(server, { nodes: ['server-1', 'agent-1'] }, 'a node counts only when Kubernetes says so');

const FIRST = apiNode({ name: 'server-1', ip: '10.0.0.11', labels: SERVER_LABELS });
const NOT_READY = { status: 'False', reason: 'KubeletNotReady', message: 'container runtime network not ready' };
const other = (ready?: Record<string, unknown>): unknown =>
  apiNode({ name: 'agent-1', ip: '10.0.1.11', ...(ready === undefined ? {} : { ready }) });

/** What is told at a look; the last one stays. */
const at = <T>(items: readonly T[], turn: number): T => items[Math.min(turn, items.length - 1)] as T;

/** The cluster as its server tells it at each look; all kubelets report. */
const looks =
  (...items: readonly (readonly unknown[])[]): Answer =>
  (_, script, turn) =>
    script === 'node-reports'
      ? { stdout: reportsText({ 'server-1': 3, 'agent-1': 9 }) }
      : { stdout: nodesText(...at(items, turn)) };

/** All are Ready; at each look the report of the agent is so many seconds old, and it is so many seconds later. */
const reports =
  (...looked: readonly (readonly [age: number | undefined, later: number])[]): Answer =>
  (_, script, turn) => {
    if (script !== 'node-reports') return { stdout: nodesText(FIRST, other()) };
    const [age, later] = at(looked, turn);
    const ages = { 'server-1': 3, ...(age === undefined ? {} : { 'agent-1': age }) };
    return { stdout: reportsText(ages, 1_790_000_000 + later) };
  };

describe('the step await-nodes', () => {
  it('is done at the first look when all are Ready', async () => {
    expect(await playStep({ cluster, step, answer: looks([FIRST, other()]) })).toMatchObject({
      outcome: { kind: 'done' },
      asked: ['nodes server-1', 'node-reports server-1'],
      told: [],
      // Some kilobytes for each node, line by line, help nobody.
      lines: [],
    });
  });

  it('waits and tells who is lacking, each state once', async () => {
    const answer = looks([FIRST], [FIRST], [FIRST, other(NOT_READY)], [FIRST, other()]);
    const { outcome, told, asked } = await playStep({ cluster, step, answer });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked.filter((call) => call === 'nodes server-1')).toHaveLength(4);
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

  it('does not believe Ready of a node whose kubelet is silent, and says since when', async () => {
    const { outcome, told } = await playStep({ cluster, step, answer: reports([34, 0], [35, 1], [4, 2]) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([
      'agent-1 is ready, but its kubelet has not reported for 34 s',
      'agent-1 is ready, but its kubelet has not reported for 35 s',
    ]);
  });

  it('fails when it stays silent, and when Kubernetes notices', async () => {
    const silent = await playStep({ cluster, step, answer: reports([undefined, 0]) });
    expect(silent.outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'nodes-not-ready',
        message: 'Not all nodes became Ready: agent-1 is ready, but its kubelet has not reported yet',
      },
    });
    const gone = other({ status: 'Unknown', reason: 'NodeStatusUnknown', message: '' });
    const noticed: Answer = (host, script, turn) =>
      script === 'nodes' && turn > 0 ? { stdout: nodesText(FIRST, gone) } : reports([34, 0])(host, script, turn);
    const { outcome } = await playStep({ cluster, step, answer: noticed });
    expect(outcome).toMatchObject({
      problem: { message: expect.stringContaining('agent-1 is unreachable') as string },
    });
  });

  it.each([
    ['behind', 300],
    ['ahead', -300],
  ])('believes a node whose clock is far %s when one report follows another', async (_, off) => {
    // Looks are a second apart, reports ten.
    const answer = reports([off + 4, 0], [off + 9, 5], [off + 1, 7]);
    const { outcome, told } = await playStep({ cluster, step, answer });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toHaveLength(1);
    const dead = await playStep({ cluster, step, answer: reports([off + 4, 0], [off + 5, 1], [off + 40, 36]) });
    expect(dead.outcome.kind).toBe('failed');
  });

  it('does not count a report that followed another one long ago', async () => {
    // Its clock is ahead: it reports once more while nobody looks for a minute, and then never again.
    const { outcome, told } = await playStep({ cluster, step, answer: reports([-300, 0], [-250, 60]) });
    expect(outcome.kind).toBe('failed');
    expect(told.at(-1)).toBe('agent-1 is ready, but its kubelet has not reported for 1 min');
  });

  it('goes on asking while the reports cannot be read, and fails with the reason', async () => {
    const answer: Answer = (_, script) =>
      script === 'nodes' ? { stdout: nodesText(FIRST, other()) } : { stderr: 'refused', exitCode: 1 };
    const { outcome } = await playStep({ cluster, step, answer });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'reports-unreadable', why: 'refused' } });
    expect(
      (await playStep({ cluster, step, answer: looks([FIRST, other()]), cancelAt: 'node-reports' })).outcome,
    ).toEqual({ kind: 'cancelled' });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, cancelAt: 'nodes' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
