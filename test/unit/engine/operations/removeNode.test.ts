import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { finish } from '../../../../src/core/base/steps';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { readUpgradeRules } from '../../../../src/core/cluster/upgradeRules';
import { readHooks } from '../../../../src/core/cluster/hooks';
import { etcdMembers, nodesOf } from '../../../../src/core/cluster/roles';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import { createDraft, type Draft } from '../../../../src/core/plan/draft';
import type { EtcdMember } from '../../../../src/core/remote/etcd';
import { removeNode } from '../../../../src/engine/operations/removeNode';
import type { LiveCluster, Situation } from '../../../../src/engine/planning/situation';
import { balancedCluster, balancedFacts } from '../../../support/balancers';
import { clusterOf, freshHost } from '../../../support/cluster';
import { readTexts } from '../../../support/localFiles';
import { AUTHORITY, contentFor, provisionedFacts, situationOf } from '../../../support/plans';
import { apiNode, NOW, SERVER_LABELS, SILENT, VOTER } from '../../health/nodes';

const TEXTS = Object.fromEntries(['before', 'after', 'apply'].map((name) => [`./${name}.sh`, '#!/bin/sh\n']));
const FIVE = clusterOf({ servers: 5 });
const THREE = clusterOf({ servers: 3 });

const member = (nodeName: string): EtcdMember => ({
  id: nodeName.replaceAll(/\D/g, ''),
  name: `${nodeName}-0a1b2c3d`,
  nodeName,
  peerUrls: [],
  clientUrls: [],
  learner: false,
});

/** The cluster as it runs; `dead` ones stopped reporting a while ago, `without` ones have no Node. */
function liveOf(
  cluster: Cluster,
  { dead = [] as string[], without = [] as string[], members = etcdMembers(cluster).map(({ id }) => id) } = {},
): LiveCluster {
  const nodes = nodesOf(cluster)
    .filter(({ id }) => !without.includes(id))
    .map(({ id, role, address }) =>
      nodeHealth(
        apiNode({
          name: id,
          ip: address,
          ...(role === 'server' ? { labels: SERVER_LABELS, etcd: VOTER } : {}),
          ...(dead.includes(id) ? { ready: SILENT } : {}),
        }),
        NOW,
      ),
    );
  const etcd = { members: members.map(member), leader: '1', healthy: true, ready: true };
  return { through: 'server-1', nodes, ...(members.length === 0 ? {} : { etcd }) };
}

interface Seen {
  readonly cluster?: Cluster;
  readonly facts?: Map<string, HostFacts>;
  readonly silent?: readonly string[];
  readonly live?: LiveCluster | undefined;
}

function removal(nodes: readonly string[], seen: Seen = {}): Draft {
  const { cluster = FIVE, facts = provisionedFacts(cluster), silent = [] } = seen;
  for (const id of silent) facts.delete(id);
  const unreachable = new Map(silent.map((id) => [id, problem('ssh-timeout', `${id} does not answer`, { host: id })]));
  const live = 'live' in seen ? seen.live : liveOf(cluster, { dead: [...silent] });
  const rest = removeNode.outcome?.(cluster, { nodes }) ?? cluster;
  const { desired, balancers } = situationOf(rest, facts);
  const situation: Situation = situationOf(cluster, facts, {
    unreachable,
    desired: contentFor(cluster, AUTHORITY, readTexts(TEXTS)),
    outcome: { cluster: rest, desired, balancers },
    ...(live === undefined ? {} : { live }),
  });
  const draft = createDraft();
  const steps = removeNode.plan(situation, { nodes }, draft);
  if (steps !== undefined) finish(steps);
  return draft;
}

const idsOf = (draft: Draft): string[] => draft.steps.map(({ id }) => id);
const codesOf = (draft: Draft): string[] => draft.problems.map(({ code }) => code);

describe('removing nodes', () => {
  it('has a server stand still before its Node goes, and its data only after every member knows', () => {
    const draft = removal(['server-3']);
    expect(codesOf(draft)).toEqual([]);
    expect(idsOf(draft)).toEqual([
      'cordon:server-3:server-3',
      'drain:server-3:server-3',
      'stop-k3s:server-3',
      'delete-node:server-1:server-3',
      'remove-member:server-1:server-3',
      'await-members:server-1:server-3',
      'start-again:server-3',
      'uncordon:server-3:server-3',
      'uninstall-k3s:server-3',
    ]);
    const step = (kind: string) => draft.steps.find((one) => one.kind === kind);
    expect(step('stop-k3s')).toMatchObject({ guards: ['api-answers', 'quorum'] });
    expect(step('await-members')?.input).toEqual({
      gone: ['server-3'],
      members: ['server-1', 'server-2', 'server-4', 'server-5'],
    });
    for (const kind of ['start-again', 'uncordon']) expect(step(kind)?.always).toBe(true);
    expect(step('uninstall-k3s')?.after).toContain('await-members:server-1:server-3');
  });

  it('drains as k3s.upgrade says, and as ever where it says nothing', () => {
    const inputOf = (draft: Draft): unknown => draft.steps.find(({ kind }) => kind === 'drain')?.input;
    expect(inputOf(removal(['agent-1']))).toMatchObject({ timeoutMs: 300_000, emptyDir: true, unmanaged: false });
    const upgrade = readUpgradeRules({ drainTimeout: '30m', emptyDir: 'keep', unmanagedPods: 'delete' });
    expect(
      inputOf(
        removal(['agent-1'], {
          cluster: { ...FIVE, k3s: { ...FIVE.k3s, ...(upgrade === undefined ? {} : { upgrade }) } },
        }),
      ),
    ).toMatchObject({
      timeoutMs: 1_800_000,
      emptyDir: false,
      unmanaged: true,
    });
  });

  it('takes an agent out without asking etcd', () => {
    expect(idsOf(removal(['agent-1']))).toEqual([
      'cordon:agent-1:agent-1',
      'drain:agent-1:agent-1',
      'stop-k3s:agent-1',
      'delete-node:server-1:agent-1',
      'start-again:agent-1',
      'uncordon:agent-1:agent-1',
      'uninstall-k3s:agent-1',
    ]);
  });

  it('goes from five to three in single steps, agents first and the dead before all', () => {
    const order = idsOf(removal(['server-4', 'server-5', 'agent-2'], { silent: ['server-5'] }));
    expect(order.slice(0, 3).map((id) => id.split(':')[0])).toEqual(['delete-node', 'remove-member', 'await-members']);
    expect(order[0]).toBe('delete-node:server-1:server-5');
    expect(order.indexOf('stop-k3s:agent-2')).toBeLessThan(order.indexOf('stop-k3s:server-4'));
    expect(order).not.toContain('stop-k3s:server-5');
  });

  it('is out of the load balancer first, and leaves its configuration last', () => {
    const cluster = balancedCluster();
    const draft = removal(['server-3'], { cluster, facts: balancedFacts(cluster) });
    const order = idsOf(draft);
    expect(order[0]).toBe('take-out:server-3');
    expect(order.slice(-2)).toEqual(['write-balancer:lb-1:haproxy', 'write-balancer:lb-2:haproxy']);
    expect(draft.steps.at(-1)?.differences[0]?.after).not.toContain('server-3');
    expect(draft.steps.find(({ kind }) => kind === 'put-in')).toMatchObject({
      always: true,
      input: { unless: 'delete-node:server-1:server-3' },
    });
  });

  it('takes the address of kube-vip off the machine, and proves it on those that stay', () => {
    const cluster: Cluster = {
      ...THREE,
      loadBalancer: { address: '10.0.0.100', port: 6443, type: 'kube-vip', nodes: [] },
    };
    const order = idsOf(removal(['server-3'], { cluster }));
    expect(order.indexOf('move-address:server-3')).toBeLessThan(order.indexOf('stop-k3s:server-3'));
    expect(order).toContain('release-address:server-3:10.0.0.100');
    expect(order.at(-1)).toBe('prove-address:server-1:10.0.0.100');
  });

  it('finishes what a run that was cut off has left', () => {
    const stopped = provisionedFacts(FIVE);
    const seen = stopped.get('server-3') as HostFacts;
    const { k3s } = seen.units;
    stopped.set('server-3', { ...seen, units: k3s === undefined ? {} : { k3s: { ...k3s, active: 'inactive' } } });
    expect(idsOf(removal(['server-3'], { facts: stopped }))).toEqual([
      'stop-k3s:server-3',
      'delete-node:server-1:server-3',
      'remove-member:server-1:server-3',
      'await-members:server-1:server-3',
      'uninstall-k3s:server-3',
    ]);
    const gone = liveOf(FIVE, { without: ['server-3'], members: ['server-1', 'server-2', 'server-4', 'server-5'] });
    expect(idsOf(removal(['server-3'], { facts: new Map(stopped), live: gone }))).toEqual([
      'stop-k3s:server-3',
      'uninstall-k3s:server-3',
    ]);
    const fresh = new Map(stopped).set('server-3', freshHost('server-3'));
    expect(idsOf(removal(['server-3'], { facts: fresh, live: gone }))).toEqual([]);
    // A member that its Node has left behind.
    expect(idsOf(removal(['server-3'], { facts: fresh, live: liveOf(FIVE, { without: ['server-3'] }) }))).toEqual([
      'remove-member:server-1:server-3',
      'await-members:server-1:server-3',
    ]);
  });

  it('refuses what nothing could stand in for', () => {
    const two = clusterOf({ servers: 2 });
    const [only] = removal(['server-2'], { cluster: two }).problems;
    expect(only).toMatchObject({ code: 'removal-would-break-cluster', why: expect.stringContaining('needs 2') });
    expect(codesOf(removal(['server-1'], { cluster: clusterOf({ servers: 1 }) }))).toEqual(['last-of-its-kind']);
    expect(codesOf(removal(['server-9']))).toEqual(['node-unknown']);
    expect(codesOf(removal(['server-1', 'server-2', 'server-3'], { cluster: THREE }))).toEqual(['last-of-its-kind']);
  });

  it('counts those that are down for the quorum', () => {
    const [refused] = removal(['server-2'], { cluster: THREE, silent: ['server-3'] }).problems;
    expect(refused).toMatchObject({
      code: 'removal-would-break-cluster',
      host: 'server-2',
      why: expect.stringContaining('1 would be left (server-3 is down)'),
      nextSteps: [expect.stringContaining('Bring server-3 back'), expect.any(String)],
    });
    expect(codesOf(removal(['server-3'], { cluster: THREE, silent: ['server-3'] }))).toEqual([]);
  });

  it('does not take a machine for dead that may run, and says what to do should a dead one come back', () => {
    expect(removal(['server-5'], { silent: ['server-5'], live: liveOf(FIVE) }).problems).toMatchObject([
      {
        code: 'node-may-run',
        host: 'server-5',
        nextSteps: [expect.stringContaining('wait a minute'), expect.any(String)],
      },
    ]);
    expect(removal(['server-5'], { silent: ['server-5'] }).notes.join()).toContain('run k3s-uninstall.sh');
  });

  it('removes nobody as what he is not: a server that the file calls an agent counts for the quorum', () => {
    const facts = provisionedFacts(FIVE);
    const { units } = facts.get('server-1') as HostFacts;
    facts.set('agent-2', { ...(facts.get('agent-2') as HostFacts), units });
    expect(removal(['agent-2'], { facts }).problems).toMatchObject([
      { code: 'role-changed', nextSteps: [expect.stringContaining('a removal and an addition')] },
    ]);
  });

  it('takes a member out that neither a Node nor the file stands for', () => {
    const members = [...etcdMembers(FIVE).map(({ id }) => id), 'ghost'];
    const draft = removal(['ghost'], { live: liveOf(FIVE, { members }) });
    expect(codesOf(draft)).toEqual([]);
    expect(idsOf(draft)).toEqual(['remove-member:server-1:ghost', 'await-members:server-1:ghost']);
  });

  it('leaves a machine of another cluster alone', () => {
    const facts = provisionedFacts(FIVE);
    facts.set('agent-2', { ...(facts.get('agent-2') as HostFacts), caHash: 'cd'.repeat(32) });
    expect(codesOf(removal(['agent-2'], { facts }))).toEqual(['other-cluster']);
  });

  it('needs a server that stays and answers, unless nothing was ever installed', () => {
    expect(codesOf(removal(['agent-1'], { live: undefined }))).toEqual(['cluster-silent']);
    const facts = provisionedFacts(FIVE).set('agent-1', freshHost('agent-1'));
    expect(removal(['agent-1'], { facts, live: undefined })).toMatchObject({ problems: [], steps: [] });
  });

  it('has hooks stand around each machine, also those that run here for one that is dead', () => {
    const cluster: Cluster = {
      ...FIVE,
      hooks: readHooks([
        { when: 'before node-remove', run: './before.sh' },
        { when: 'after node-remove', run: './after.sh', on: 'here' },
        { when: 'before apply', run: './apply.sh' },
      ]),
    };
    const around = (draft: Draft): string[] =>
      draft.steps.flatMap(({ kind, about, input }) =>
        kind === 'run-hook' ? [`${(input as { run: string }).run} ${about}`] : kind === 'stop-k3s' ? [about] : [],
      );
    expect(around(removal(['server-4', 'server-5'], { cluster }))).toEqual([
      './before.sh server-4',
      'server-4',
      './after.sh server-4',
      './before.sh server-5',
      'server-5',
      './after.sh server-5',
    ]);
    const second = removal(['server-4', 'server-5'], { cluster }).steps.find(({ id }) => id === 'run-hook:server-5:1');
    expect(second?.after.join()).toContain('server-4');
    expect(around(removal(['server-5'], { cluster, silent: ['server-5'] }))).toEqual(['./after.sh server-5']);
  });

  it('asks for the names of servers, and for a look where only agents go', () => {
    const situation = situationOf(FIVE, provisionedFacts(FIVE));
    expect(removeNode.typed?.(situation, { nodes: ['server-4', 'agent-1', 'server-5'] })).toBe('server-4 server-5');
    expect(removeNode.typed?.(situation, { nodes: ['agent-1'] })).toBeUndefined();
  });
});
