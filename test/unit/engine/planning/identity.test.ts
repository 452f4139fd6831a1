import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { EtcdMember } from '../../../../src/core/remote/etcd';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import { identityProblems, strangerNotes } from '../../../../src/engine/planning/identity';
import type { LiveCluster } from '../../../../src/engine/planning/situation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';
import { apiNode, NOW, SERVER_LABELS, VOTER } from '../../health/nodes';

const cluster = clusterOf();
const SERVERS = ['server-1', 'server-2', 'server-3'];

function member(nodeName: string, more: Partial<EtcdMember> = {}): EtcdMember {
  const name = `${nodeName}-0a1b2c3d`;
  return { id: name, name, nodeName, peerUrls: [], clientUrls: [], learner: false, ...more };
}

/** What the cluster says: its Nodes, agents among them, and the members of etcd. */
function live(nodes: readonly string[], members: readonly EtcdMember[]): LiveCluster {
  const healthOf = (name: string) =>
    nodeHealth(
      name.startsWith('server')
        ? apiNode({ name, ip: '', labels: SERVER_LABELS, etcd: VOTER })
        : apiNode({ name, ip: '' }),
      NOW,
    );
  return { through: 'server-1', nodes: nodes.map(healthOf), etcd: { members, healthy: true, ready: true } };
}

function factsWith(changes: Readonly<Record<string, Partial<HostFacts>>>): Map<string, HostFacts> {
  const facts = provisionedFacts(cluster);
  for (const [id, change] of Object.entries(changes)) facts.set(id, { ...(facts.get(id) as HostFacts), ...change });
  return facts;
}

const problemsOf = (facts: Map<string, HostFacts>, seen?: LiveCluster): string[] =>
  identityProblems(situationOf(cluster, facts, seen === undefined ? {} : { live: seen })).map(({ code }) => code);

describe('one machine under two names', () => {
  const twin = { bootId: 'b', hostname: 'h', addresses: ['10.0.0.1'] };

  it('has boot, host name and addresses in common, all of them', () => {
    expect(problemsOf(factsWith({ 'agent-1': twin, 'agent-2': twin }))).toEqual(['same-machine']);
    for (const other of [{ bootId: 'c' }, { hostname: 'i' }, { addresses: ['10.0.0.2'] }])
      expect(problemsOf(factsWith({ 'agent-1': twin, 'agent-2': { ...twin, ...other } }))).toEqual([]);
  });

  it('is not told of hosts that do not tell their boot', () => {
    const silent = { ...twin, bootId: '' };
    expect(problemsOf(factsWith({ 'agent-1': silent, 'agent-2': silent }))).toEqual([]);
  });
});

describe('machines of another cluster', () => {
  it('are told with the authority of each, and hosts without one belong to none', () => {
    const facts = factsWith({ 'server-2': { caHash: 'cd'.repeat(32) }, 'agent-1': { caHash: 'cd'.repeat(32) } });
    const { caHash: _, ...without } = facts.get('agent-2') as HostFacts;
    facts.set('agent-2', without as HostFacts);
    const [found, ...others] = identityProblems(situationOf(cluster, facts));
    expect(others).toEqual([]);
    expect(found?.message).toBe(
      'The machines of this file belong to 2 clusters: server-1 and server-3 (authority abababababab); server-2 and agent-1 (authority cdcdcdcdcdcd)',
    );
  });
});

describe('a server under another name', () => {
  it('is known by the name of its member of etcd, without what K3s adds', () => {
    const facts = factsWith({ 'server-2': { etcdName: 'db-2-12345678' } });
    const [found] = identityProblems(situationOf(cluster, facts));
    expect(found?.message).toBe('server-2 is called "db-2" in the cluster, and would be called "server-2"');
    expect(found?.nextSteps[0]).toContain('set "name: db-2"');
  });

  it('is not renamed when it has no data, or does not tell its name', () => {
    expect(problemsOf(factsWith({ 'server-2': { etcdName: 'db-2-12345678', etcdData: false } }))).toEqual([]);
    expect(problemsOf(factsWith({ 'server-2': { etcdName: '' } }))).toEqual([]);
  });
});

describe('what the cluster has and the file does not', () => {
  const notes = (seen: LiveCluster): string[] =>
    strangerNotes(situationOf(cluster, provisionedFacts(cluster), { live: seen }));
  const all = [...SERVERS, 'agent-1', 'agent-2'];
  const members = SERVERS.map((name) => member(name));

  it('is nothing of a cluster that is as the file says', () => {
    expect(notes(live(all, members))).toEqual([]);
    expect(strangerNotes(situationOf(cluster, provisionedFacts(cluster)))).toEqual([]);
  });

  it('is a Node, which counts for the quorum if it votes', () => {
    expect(notes(live([...all, 'gpu-1'], members))).toEqual([
      'gpu-1 is in the cluster and not in the file; it is left alone. Remove Node takes it out ("k3s-ha remove FILE gpu-1").',
    ]);
    expect(notes(live([...all, 'server-9'], [...members, member('server-9')]))).toEqual([
      'server-9 is in the cluster and not in the file; it is left alone, and it counts for the quorum of etcd. Remove Node takes it out ("k3s-ha remove FILE server-9").',
    ]);
  });

  it('is a member of etcd without a Node, unless it has no vote or is a server of the file that starts', () => {
    expect(notes(live(all, [...members, member('ghost')]))).toEqual([
      'etcd has a member "ghost-0a1b2c3d" without a Node: it counts for the quorum and answers to nobody. If nothing runs there any more, "k3s-ha remove FILE ghost" takes it out.',
    ]);
    expect(notes(live(all, [...members, member('ghost', { learner: true })]))).toEqual([]);
    expect(
      notes(
        live(
          all.filter((name) => name !== 'server-3'),
          members,
        ),
      ),
    ).toEqual([]);
  });
});
