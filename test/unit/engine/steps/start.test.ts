import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { Answer } from '../../../support/scriptedHosts';
import { etcdText, unitText } from '../../../support/scriptedHosts';
import { start } from '../../../../src/engine/steps/start';
import { clusterOf } from '../../../support/cluster';
import { AUTHORITY } from '../../../support/plans';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [first, second] = cluster.servers as [ClusterNode, ClusterNode];
const [agent] = cluster.agents as [ClusterNode];
const stepOf = (node: ClusterNode) => start.step(node, { role: node.role }, 'it is not running');

const MEMBERS = [1, 2].map((id) => ({ id, name: `server-${id}` }));
const answer: Answer = (host, script) => {
  if (script === 'etcd-members') return { stdout: etcdText(MEMBERS, Number(host.slice(-1))) };
  return script === 'ca-hash' ? { stdout: `${AUTHORITY}\n` } : {};
};

describe('the step start', () => {
  it('of the first server starts it and waits until it is ready and votes', async () => {
    expect(await playStep({ cluster, step: stepOf(first), answer })).toMatchObject({
      outcome: { kind: 'done' },
      asked: ['unit-control server-1', 'unit-status server-1', 'server-ready server-1', 'etcd-members server-1'],
    });
  });

  it('of a node that joins writes the full token first', async () => {
    const { outcome, asked, calls } = await playStep({ cluster, step: stepOf(agent), answer });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toEqual(['ca-hash server-1', 'upload-file agent-1', 'unit-control agent-1', 'unit-status agent-1']);
    expect(calls[1]?.stdin).toContain(`token: K10${AUTHORITY}::server:`);
  });

  it('fails with the line of the journal that says why, and starts nothing else', async () => {
    const line = 'time="x" level=fatal msg="Error: preparing server: failed to bootstrap cluster data: not authorized"';
    const { outcome } = await playStep({
      cluster,
      step: stepOf(second),
      answer: (host, script, turn) =>
        script === 'unit-status'
          ? { stdout: unitText({ active: 'activating', sub: 'auto-restart', restarts: turn }, line) }
          : answer(host, script, turn),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'start-failed', host: 'server-2', why: expect.stringContaining('not authorized') as string },
    });
  });

  it('fails when the token cannot be written, before anything is started', async () => {
    const { outcome, asked } = await playStep({
      cluster,
      step: stepOf(agent),
      answer: (host, script, turn) =>
        script === 'upload-file'
          ? { stderr: 'mktemp: Read-only file system', exitCode: 1 }
          : answer(host, script, turn),
    });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { why: 'mktemp: Read-only file system' } });
    expect(asked).not.toContain('unit-control agent-1');
  });

  it.each(['upload-file', 'unit-control', 'unit-status'])('is unknown when the connection breaks in %s', async (at) => {
    const { outcome } = await playStep({
      cluster,
      step: stepOf(agent),
      answer: (host, script, turn) => (script === at ? 'cut off' : answer(host, script, turn)),
    });
    expect(outcome.kind).toBe('unknown');
  });

  it.each(['unit-control', 'unit-status', 'server-ready', 'etcd-members'])('is cancelled in %s', async (cancelAt) => {
    const { outcome, asked } = await playStep({ cluster, step: stepOf(first), answer, cancelAt });
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(asked.at(-1)).toBe(`${cancelAt} server-1`);
  });

  it('of the home of etcd alone that founds the cluster ends when its etcd is ready, whatever its unit says', async () => {
    const split = clusterOf({ serverConfig: { 'disable-apiserver': true } });
    const turns: string[] = [];
    const founding: Answer = (host, script) => {
      turns.push(script);
      if (script === 'unit-status') return { stdout: unitText({ active: 'activating', sub: 'start' }) };
      const ready = turns.filter((one) => one === 'etcd-members').length > 1;
      return script === 'etcd-members'
        ? { stdout: etcdText(MEMBERS.slice(0, 1), 1, ready ? undefined : 'no leader') }
        : {};
    };
    const step = stepOf(split.servers[0] as ClusterNode);
    const { outcome, asked } = await playStep({ cluster: split, step, answer: founding });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked.filter((call) => call.startsWith('unit-status'))).toHaveLength(2);
  });

  it('leaves a process that is up already as it is, and proves it', async () => {
    const { outcome, asked } = await playStep({
      cluster,
      step: stepOf(first),
      answer: (host, script, turn) => {
        if (script === 'unit-control') return { stdout: 'InvocationID=\n' };
        return script === 'unit-status' ? { stdout: unitText({ invocation: 'old' }) } : answer(host, script, turn);
      },
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(asked).toContain('server-ready server-1');
  });
});
