import { describe, expect, it } from 'vitest';
import { normalise } from '../../../../src/core/cluster/normalise';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { Plan } from '../../../../src/core/plan/plan';
import type { Step } from '../../../../src/core/plan/step';
import { clusterOf } from '../../../support/cluster';
import { planFor, provisionedFacts } from '../../../support/plans';

/** The same machines with another release: everything has to be restarted. */
const upgraded = (shape: Parameters<typeof clusterOf>[0] = {}): Plan =>
  planFor(clusterOf({ ...shape, version: 'v1.36.4+k3s1' }), provisionedFacts(clusterOf(shape)));

function stepOf({ steps }: Plan, id: string): Step {
  const step = steps.find((one) => one.id === id);
  if (step === undefined) throw new Error(`the plan has no step ${id}`);
  return step;
}

describe('what is restarted while the cluster runs', () => {
  it('of a server is put aside, installed and restarted behind the guards, one server at a time', () => {
    const plan = upgraded();
    for (const id of ['put-aside:server-2', 'restart:server-2']) {
      expect(stepOf(plan, id).guards).toEqual(['api-answers', 'quorum']);
      expect(stepOf(plan, id).holds).toEqual([{ what: 'machine server-2' }, { what: 'server down' }]);
    }
  });

  it('of an agent asks no guard and holds nothing of the servers', () => {
    const plan = upgraded();
    for (const { guards, holds } of plan.steps.filter(({ on }) => on === 'agent-1')) {
      expect(guards).toEqual([]);
      expect(holds).toEqual([{ what: 'machine agent-1' }]);
    }
  });

  it('puts the old state back in any case, once all of its own steps are over', () => {
    const putBack = stepOf(upgraded(), 'put-back:agent-1');
    expect(putBack.always).toBe(true);
    expect(putBack.after).toEqual(['put-aside:agent-1', 'install:agent-1', 'restart:agent-1']);
  });

  it('touches an agent only when the last server is proved, and the others only when the first agent is', () => {
    const plan = upgraded({ agents: 3 });
    const ends = (id: string): string[] => [`restart:${id}`, `put-back:${id}`, `await-settled:${id}:${id}`];
    const before = ends('server-3');
    expect(stepOf(plan, 'put-aside:agent-1').after).toEqual(before);
    expect(stepOf(plan, 'put-aside:agent-2').after).toEqual([...before, ...ends('agent-1')]);
    expect(stepOf(plan, 'put-aside:agent-3').after).toEqual([...before, ...ends('agent-2')]);
  });

  it('takes a tenth of many agents at once, after one of them', () => {
    const plan = upgraded({ servers: 1, agents: 21 });
    const waited = (agent: number): string[] =>
      stepOf(plan, `put-aside:agent-${agent}`).after.filter((id) => id.startsWith('restart:agent'));
    expect([1, 2, 3, 4, 5, 21].map(waited)).toEqual([
      [],
      ['restart:agent-1'],
      ['restart:agent-1'],
      ['restart:agent-1'],
      ['restart:agent-2'],
      ['restart:agent-18'],
    ]);
  });

  it('tells the only server that it is alone', () => {
    expect(stepOf(upgraded({ servers: 1 }), 'restart:server-1').input).toMatchObject({ alone: true });
    expect(stepOf(upgraded(), 'restart:server-1').input).toMatchObject({ alone: false });
  });

  it('says why, by what changes', () => {
    const reasonOf = (plan: Plan): string => stepOf(plan, 'restart:server-1').says.reason;
    expect(reasonOf(upgraded())).toBe('its installation changes');
    const changed = clusterOf({ serverConfig: { debug: true } });
    expect(reasonOf(planFor(changed, provisionedFacts(clusterOf())))).toBe('its configuration changes');
    const pending = provisionedFacts(clusterOf());
    pending.set('server-1', { ...(pending.get('server-1') as HostFacts), restartPending: true });
    expect(reasonOf(planFor(clusterOf(), pending))).toBe('it still runs with its old configuration');
  });

  it('of a run that was cut off is proved or put back, although nothing is to be written', () => {
    const facts = provisionedFacts(clusterOf());
    facts.set('agent-1', { ...(facts.get('agent-1') as HostFacts), aside: true });
    const { steps } = planFor(clusterOf(), facts);
    expect(steps.map(({ id }) => id)).toEqual([
      'restart:agent-1',
      'put-back:agent-1',
      'await-nodes:server-1',
      'prove-tunnels:server-1',
    ]);
  });
});

describe('a cluster that goes from SQLite to embedded etcd', () => {
  it('changes agents only when its server has etcd', () => {
    const sqlite = { servers: 1, agents: 1, datastore: { type: 'sqlite' } };
    const facts = provisionedFacts(clusterOf(sqlite));
    facts.set('server-1', { ...(facts.get('server-1') as HostFacts), sqliteData: true });
    facts.set('agent-1', { ...(facts.get('agent-1') as HostFacts), restartPending: true });
    const plan = planFor(clusterOf({ servers: 1, agents: 1 }), facts);
    expect(stepOf(plan, 'restart:agent-1').after).toEqual(['restart:server-1', 'put-back:server-1']);
  });
});

describe('who is asked whether all nodes are Ready', () => {
  const split = (first: Record<string, unknown>): Cluster =>
    normalise({
      metadata: { name: 'edge' },
      k3s: { version: 'v1.36.3+k3s1' },
      datastore: { type: 'embedded-etcd' },
      token: '${secret:edge-token}',
      servers: {
        nodes: [
          { host: '10.0.0.11', name: 'server-1', config: first },
          { host: '10.0.0.12', name: 'server-2' },
        ],
      },
    });
  const asked = (cluster: Cluster, gone?: string): Step | undefined => {
    const facts = provisionedFacts(cluster);
    facts.set('server-2', { ...(facts.get('server-2') as HostFacts), restartPending: true });
    if (gone !== undefined) facts.delete(gone);
    return planFor(cluster, facts).steps.find(({ kind }) => kind === 'await-nodes');
  };

  it('is a server with an API, for all machines that have a Node', () => {
    expect(asked(split({}))).toMatchObject({ on: 'server-1', input: { nodes: ['server-1', 'server-2'] } });
    expect(asked(split({ 'disable-apiserver': true }))).toMatchObject({ on: 'server-2' });
    expect(asked(split({ 'disable-agent': true }))).toMatchObject({ on: 'server-1', input: { nodes: ['server-2'] } });
  });

  it('is none that did not answer', () => {
    expect(asked(split({}), 'server-1')).toMatchObject({ on: 'server-2', input: { nodes: ['server-2'] } });
  });
});
