import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { nodesOf } from '../../../../src/core/cluster/roles';
import { watchDrill } from '../../../../src/engine/steps/watchDrill';
import { clusterOf } from '../../../support/cluster';
import { scriptedWatch } from '../../../support/drillWatch';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play, type Played } from '../../../support/playStep';
import { etcdText, nodesText, type Answer } from '../../../support/scriptedHosts';
import { apiNode, SILENT } from '../../health/nodes';

const cluster = clusterOf({ servers: 3, agents: 2 });
const facts = provisionedFacts(cluster);
const [, second] = cluster.servers as [ClusterNode, ClusterNode];
const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const step = watchDrill.step(
  second,
  { part: 'k3s:server-1', machine: 'server-1', seconds: 10, members: ['server-2', 'server-3'] },
  'it is tried',
);
const nodes = (...silent: readonly string[]) => ({
  stdout: nodesText(
    ...nodesOf(cluster).map(({ id, address }) =>
      apiNode({ name: id, ip: address, ...(silent.includes(id) ? { ready: SILENT } : {}) }),
    ),
  ),
});
const usual: Answer = (host, script) => {
  if (script === 'nodes') return nodes('server-1');
  if (script === 'etcd-members') return { stdout: etcdText(MEMBERS, Number(host.slice(-1))) };
  return script === 'pod-dns' ? { stdout: 'ok 100\nno 101\nok 102\n' } : {};
};
const play = (more: Partial<Play>): Promise<Played> =>
  playStep({ cluster, facts, step, answer: usual, drill: scriptedWatch(), ...more });

describe('the step watch-drill', () => {
  it('keeps what etcd and the cluster DNS answered without the part', async () => {
    const drill = scriptedWatch();
    const { outcome } = await play({ drill });
    expect(outcome).toEqual({ kind: 'done' });
    expect(drill.noted).toEqual({
      quorum: { alive: 2, members: 3 },
      dns: [
        { at: 100_000, ok: true },
        { at: 101_000, ok: false },
        { at: 102_000, ok: true },
      ],
    });
    expect(drill.did).toEqual(['look k3s:server-1']);
  });

  it('says why the DNS was not asked', async () => {
    const drill = scriptedWatch();
    await play({
      drill,
      answer: (host, script, turn) =>
        script === 'pod-dns' ? { stdout: 'none this machine has no nslookup\n' } : usual(host, script, turn),
    });
    expect(drill.noted.dns).toEqual({ notAsked: 'this machine has no nslookup' });
  });

  it('ends at once when the API is away for longer than an election takes', async () => {
    const drill = scriptedWatch(() => 16_000);
    const { outcome, asked } = await play({ drill });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'drill-surprise', message: expect.stringContaining('away for 16.0 s') },
    });
    expect(asked).not.toContain('nodes server-2');
    expect(drill.did).toEqual(['look k3s:server-1']);
  });

  it('ends at once when a node fails that nobody took away', async () => {
    const { outcome } = await play({
      answer: (host, script, turn) => (script === 'nodes' ? nodes('server-1', 'agent-2') : usual(host, script, turn)),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'drill-surprise', host: 'agent-2', message: expect.stringContaining('nobody took it away') },
    });
  });

  it('ends when it is cancelled, and does not know when its connection is lost', async () => {
    expect((await play({ cancelAt: 'nodes' })).outcome).toEqual({ kind: 'cancelled' });
    const lost = await play({
      answer: (host, script, turn) => (script === 'nodes' ? 'cut off' : usual(host, script, turn)),
    });
    expect(lost.outcome.kind).toBe('unknown');
  });
});
