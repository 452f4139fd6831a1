import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { NodeHealth } from '../../../../src/core/health/nodeHealth';
import type { EtcdMember } from '../../../../src/core/remote/etcd';
import { ghostMembers, memberGapNotes } from '../../../../src/engine/planning/memberGaps';
import { ghostsAmong } from '../../../../src/engine/planning/removalProblems';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';

const cluster = clusterOf();
const member = (nodeName: string, more: Partial<EtcdMember> = {}): EtcdMember => ({
  id: nodeName,
  name: `${nodeName}-0a1b2c3d`,
  nodeName,
  peerUrls: ['https://10.9.9.9:2380'],
  clientUrls: [],
  learner: false,
  ...more,
});
const SERVERS = ['server-1', 'server-2', 'server-3'];

function situation(
  members: readonly EtcdMember[],
  nodes: readonly string[] = SERVERS,
  facts = provisionedFacts(cluster),
) {
  const seen = nodes.map((name) => ({ name, ready: 'ready', etcd: 'voter', addresses: [] }) as unknown as NodeHealth);
  return situationOf(cluster, facts, {
    live: { through: 'server-1', nodes: seen, etcd: { members, leader: 'server-1', healthy: true, ready: true } },
  });
}

describe('Nodes and members of etcd that do not go together', () => {
  it('are none where each server has both, or no Node because it has no agent', () => {
    expect(memberGapNotes(situation(SERVERS.map((name) => member(name))))).toEqual([]);
    expect(
      memberGapNotes(
        situation(
          SERVERS.map((name) => member(name)),
          ['server-1', 'server-2'],
        ),
      ),
    ).toEqual([]);
  });

  it('are a member that counts and answers to nobody; a learner has no vote, and goes by name all the same', () => {
    const them = situation([...SERVERS.map((name) => member(name)), member('old'), member('late', { learner: true })]);
    expect(memberGapNotes(them)).toEqual([
      'etcd has a member "old-0a1b2c3d" without a Node: it counts for the quorum and answers to nobody. If nothing runs there any more, "k3s-ha remove FILE old" takes it out.',
    ]);
    expect(ghostsAmong(them, ['old', 'late', 'server-2', 'nobody'])).toEqual(['old', 'late']);
  });

  it('are a Node whose member was removed, which waits for ever', () => {
    const [note] = memberGapNotes(situation([member('server-1'), member('server-2')]));
    expect(note).toContain('server-3 has a Node as a server of etcd, and is no member of it');
    const joining = [member('server-1'), member('server-2'), member('', { name: '', learner: true })];
    expect(memberGapNotes(situation(joining))).toEqual([]);
  });

  it('are never a server of the file without agent whose name only its machine knows', () => {
    const facts = provisionedFacts(cluster);
    facts.set('server-3', { ...(facts.get('server-3') as HostFacts), etcdName: 'box-7-0a1b2c3d', etcdData: true });
    const known = [member('server-1'), member('server-2'), member('box-7')];
    expect(ghostMembers(situation(known, ['server-1', 'server-2'], facts))).toEqual([]);
    expect(ghostsAmong(situation(known, ['server-1', 'server-2'], facts), ['box-7'])).toEqual([]);
    facts.delete('server-3');
    expect(ghostMembers(situation(known, ['server-1', 'server-2'], facts))).toHaveLength(1);
    const address = cluster.servers[2]?.address ?? '';
    const there = [...known.slice(0, 2), member('box-7', { peerUrls: [`https://${address}:2380`] })];
    expect(ghostMembers(situation(there, ['server-1', 'server-2'], facts))).toEqual([]);
  });
});
