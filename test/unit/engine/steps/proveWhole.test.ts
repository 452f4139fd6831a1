import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { nodesOf } from '../../../../src/core/cluster/roles';
import { proveWhole } from '../../../../src/engine/steps/proveWhole';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play, type Played } from '../../../support/playStep';
import { etcdText, nodesText, reportsText, type Answer } from '../../../support/scriptedHosts';
import { apiNode, SILENT } from '../../health/nodes';

const cluster = clusterOf({ servers: 3, agents: 1 });
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as [ClusterNode];
const ids = nodesOf(cluster).map(({ id }) => id);
const members = cluster.servers.map(({ id }) => id);
const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const step = proveWhole.step(server, { part: 'k3s:server-2', nodes: ids, members }, 'the next is to be alone');
const nodes = (silent = '') => ({
  stdout: nodesText(
    ...nodesOf(cluster).map(({ id, address }) =>
      apiNode({ name: id, ip: address, ...(id === silent ? { ready: SILENT } : {}) }),
    ),
  ),
});
const well: Answer = (host, script) => {
  if (script === 'nodes') return nodes();
  if (script === 'node-reports') return { stdout: reportsText(Object.fromEntries(ids.map((id) => [id, 3]))) };
  return script === 'etcd-members' ? { stdout: etcdText(MEMBERS, Number(host.slice(-1))) } : {};
};
const play = (more: Partial<Play> = {}): Promise<Played> => playStep({ cluster, facts, step, answer: well, ...more });

describe('the step prove-whole', () => {
  it('waits until every node is Ready again and every member of etcd agrees', async () => {
    let looks = 0;
    const { outcome, told } = await play({
      answer: (host, script, turn) =>
        script === 'nodes' && (looks += 1) < 3 ? nodes('server-2') : well(host, script, turn),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told.join(' ')).toContain('server-2 is');
  });

  it('names what is not back, and the server whose etcd is not', async () => {
    const without = await play({
      answer: (host, script, turn) => (script === 'nodes' ? nodes('server-2') : well(host, script, turn)),
    });
    expect(without.outcome).toMatchObject({
      kind: 'failed',
      problem: { message: expect.stringContaining('server-2') },
    });
    const alone = await play({
      answer: (host, script, turn) =>
        script === 'etcd-members' && host === 'server-3'
          ? { exitCode: 1, stderr: 'refused' }
          : well(host, script, turn),
    });
    expect(alone.outcome).toMatchObject({ kind: 'failed', problem: { code: 'members-disagree' } });
  });

  it('asks etcd nothing in a cluster that has none, and ends when it is cancelled', async () => {
    const { asked } = await play({
      step: proveWhole.step(server, { part: 'k3s:server-2', nodes: ids, members: [] }, 'the next is to be alone'),
    });
    expect(asked.filter((line) => line.startsWith('etcd-members'))).toEqual([]);
    expect((await play({ cancelAt: 'nodes' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
