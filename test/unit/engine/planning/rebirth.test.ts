import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import type { EtcdMember } from '../../../../src/core/remote/etcd';
import type { LiveCluster } from '../../../../src/engine/planning/situation';
import { clusterOf, freshHost } from '../../../support/cluster';
import { planFor, provisionedFacts } from '../../../support/plans';
import { apiNode, NOW, SERVER_LABELS, SILENT, VOTER } from '../../health/nodes';

const cluster = clusterOf({ servers: 3, agents: 1 });

const member = (nodeName: string, ip: string, name = `${nodeName}-0a1b2c3d`): EtcdMember => ({
  id: name,
  name,
  nodeName,
  peerUrls: [`https://${ip}:2380`],
  clientUrls: [],
  learner: false,
});

const MEMBERS = [1, 2, 3].map((i) => member(`server-${i}`, `10.0.0.${10 + i}`));

function liveWith(
  members: readonly EtcdMember[],
  ready: Readonly<Record<string, object>> = {},
  healthy = true,
): LiveCluster {
  const node = (name: string, ip: string): unknown =>
    apiNode({
      name,
      ip,
      ...(name.startsWith('server') ? { labels: SERVER_LABELS, etcd: VOTER } : {}),
      ...(ready[name] === undefined ? {} : { ready: ready[name] as Record<string, unknown> }),
    });
  const nodes = [...[1, 2, 3].map((i) => node(`server-${i}`, `10.0.0.${10 + i}`)), node('agent-1', '10.0.1.11')];
  return {
    through: 'server-1',
    nodes: nodes.map((one) => nodeHealth(one, NOW)),
    etcd: { members, leader: '1', healthy, ready: healthy },
  };
}

function planned(changes: Readonly<Record<string, Partial<HostFacts>>>, live = liveWith(MEMBERS)) {
  const facts = provisionedFacts(cluster);
  for (const [id, change] of Object.entries(changes)) facts.set(id, { ...(facts.get(id) as HostFacts), ...change });
  const plan = planFor(cluster, facts, { live });
  return {
    ids: plan.steps.map(({ id }) => id),
    notes: plan.notes.join('\n'),
    problems: plan.problems,
    steps: plan.steps,
  };
}

const unit = (active: string): Partial<HostFacts> => {
  const { k3s } = (provisionedFacts(cluster).get('server-3') as HostFacts).units;
  return { units: k3s === undefined ? {} : { k3s: { ...k3s, active } } };
};

const FORMER = [
  'stop-k3s:server-3',
  'delete-node:server-1:server-3',
  'remove-member:server-1:server-3',
  'await-members:server-1:server-3',
  'drop-etcd:server-3',
];
const former = (ids: readonly string[]): string[] => ids.filter((id) => FORMER.includes(id) || id === 'start:server-3');

describe('a machine whose former life is in its way', () => {
  it('is left alone while everything is as it should be, or nobody can decide', () => {
    expect(planned({}).ids).toEqual([]);
    const lost = liveWith(MEMBERS.slice(0, 2), {}, false);
    expect(former(planned({ 'server-3': unit('activating') }, lost).ids)).toEqual(['start:server-3']);
  });

  it('is a server that hangs since etcd has removed its member: it is stopped, loses that data, and joins', () => {
    const { ids, notes, steps } = planned({ 'server-3': unit('activating') }, liveWith(MEMBERS.slice(0, 2)));
    expect(former(ids)).toEqual([...FORMER, 'start:server-3']);
    expect(notes).toContain('server-3 joins anew as "server-3": etcd has removed its member.');
    expect(steps.find(({ id }) => id === 'start:server-3')?.after).toContain('drop-etcd:server-3');
  });

  it('is a server with another address than its member', () => {
    const moved = planned({ 'server-3': { ...unit('activating'), addresses: ['10.0.0.99'] } });
    expect(former(moved.ids)).toEqual([...FORMER, 'start:server-3']);
    expect(moved.notes).toContain('etcd knows it at 10.0.0.13, and an address of a member cannot change');
    expect(planned({ 'server-3': { addresses: ['10.0.0.99', '10.0.0.13'] } }).ids).toEqual([]);
  });

  it('is stopped only while the others keep the cluster up', () => {
    const { steps } = planned({ 'server-3': { addresses: ['10.0.0.99'] } });
    expect(steps.find(({ kind }) => kind === 'stop-k3s')).toMatchObject({ guards: ['api-answers', 'quorum'] });
  });

  it('is a reinstalled server, which has no data to lose', () => {
    const facts = freshHost('server-3');
    const silent = liveWith(MEMBERS, { 'server-3': SILENT });
    expect(former(planned({ 'server-3': { ...facts, units: {} } }, silent).ids)).toEqual([
      'delete-node:server-1:server-3',
      'remove-member:server-1:server-3',
      'await-members:server-1:server-3',
      'start:server-3',
    ]);
  });

  it('is a reinstalled agent, whose name has a password that it does not know', () => {
    const fresh = { ...freshHost('agent-1'), caHash: undefined, units: {} } as unknown as Partial<HostFacts>;
    const { ids } = planned({ 'agent-1': fresh }, liveWith(MEMBERS, { 'agent-1': SILENT }));
    expect(ids.filter((id) => id.includes('agent-1') && !id.startsWith('await'))).toEqual([
      'install:agent-1',
      'delete-node:server-1:agent-1',
      'start:agent-1',
    ]);
  });

  it('does not take the name of another machine that is there', () => {
    const fresh = {
      ...freshHost('agent-1'),
      caHash: undefined,
      units: {},
      addresses: ['10.0.1.77'],
    } as unknown as Partial<HostFacts>;
    expect(planned({ 'agent-1': fresh }).problems).toMatchObject([{ code: 'name-taken', host: 'agent-1' }]);
  });
});
