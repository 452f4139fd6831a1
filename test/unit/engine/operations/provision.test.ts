import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { buildPlan, startKey } from '../../../../src/engine/operations/provision';
import { createDraft } from '../../../../src/core/plan/draft';
import type { Plan, Step } from '../../../../src/core/plan/plan';
import { planText, summary } from '../../../../src/core/plan/planText';
import type { Cluster, ClusterNode } from '../../../../src/core/cluster/cluster';
import { desiredNodes, type NodeContent } from '../../../../src/engine/planning/desired';
import { clusterOf, freshHost } from '../../../support/cluster';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const SECRETS = {
  text: (written: string): string => written.replace('${secret:edge-token}', 'f00dfeed'),
  masks: ['f00dfeed'],
};

function content(cluster: Cluster, caHash?: string): ReadonlyMap<string, NodeContent> {
  return desiredNodes(cluster, SECRETS, sha256, caHash);
}

function nodesOf(cluster: Cluster): ClusterNode[] {
  return [...cluster.servers, ...cluster.agents];
}

function freshFacts(cluster: Cluster): Map<string, HostFacts> {
  return new Map(nodesOf(cluster).map((node) => [node.id, freshHost(node.id)]));
}

/** The hosts as they are after a successful run of the plan for fresh hosts. */
function provisionedFacts(cluster: Cluster): Map<string, HostFacts> {
  const want = content(cluster);
  return new Map(
    nodesOf(cluster).map((node, i) => {
      const first = cluster.servers[0] as ClusterNode;
      const key =
        node.role === 'server' && cluster.datastore.type === 'embedded-etcd' && i > 0
          ? startKey({ kind: 'join', through: first })
          : 'found';
      const unit = { active: 'active', sub: 'running', restarts: 0, enabled: true };
      return [
        node.id,
        {
          ...freshHost(node.id),
          k3sVersion: cluster.k3s.version,
          units: node.role === 'server' ? { k3s: unit } : { 'k3s-agent': unit },
          configSha256: want.get(node.id)?.configHashes.get(key),
          stamp: want.get(node.id)?.stamp,
          etcdData: node.role === 'server' && cluster.datastore.type === 'embedded-etcd',
          serverToken: node.role === 'server',
        } as HostFacts,
      ];
    }),
  );
}

function planFor(cluster: Cluster, facts: Map<string, HostFacts>): Plan {
  return buildPlan(cluster, facts, content(cluster));
}

function steps(plan: Plan): string[] {
  return plan.steps.map((step) => step.id);
}

function after(plan: Plan, id: string): readonly string[] {
  return plan.steps.find((step) => step.id === id)?.after ?? [];
}

describe('a plan for fresh hosts', () => {
  const cluster = clusterOf();
  const plan = planFor(cluster, freshFacts(cluster));

  it('stages every host without waiting for another one', () => {
    for (const node of nodesOf(cluster)) {
      expect(after(plan, `write-config:${node.id}`)).toEqual([]);
      expect(after(plan, `install:${node.id}`)).toEqual([`write-config:${node.id}`]);
    }
  });

  it('starts the first server first, and everything else as soon as it answers', () => {
    expect(after(plan, 'start:server-1')).toEqual(['install:server-1']);
    for (const id of ['server-2', 'server-3', 'agent-1', 'agent-2'])
      expect(after(plan, `start:${id}`)).toEqual([`install:${id}`, 'start:server-1']);
  });

  it('ends by waiting for all nodes', () => {
    expect(steps(plan).at(-1)).toBe('await-nodes:server-1');
    expect(after(plan, 'await-nodes:server-1')).toEqual(expect.arrayContaining(['start:server-3', 'start:agent-2']));
  });

  it('lets only the first server found the cluster', () => {
    const starts = plan.steps.flatMap((step) =>
      step.action.type === 'write-config' && step.node.startsWith('server') ? [startKey(step.action.start)] : [],
    );
    expect(starts).toEqual(['found', 'join:server-1', 'join:server-1']);
  });

  it('holds no secret', () => {
    expect(JSON.stringify(plan)).not.toContain('f00dfeed');
    expect(planText(plan)).not.toContain('f00dfeed');
  });

  it('reads as a sentence', () => {
    expect(summary(plan)).toBe('Write the configuration of 5 hosts, install K3s on 5 hosts, start K3s on 5 hosts.');
    expect(planText(plan)).toContain('because K3s is not installed');
  });
});

describe('a second run', () => {
  it('does nothing on an unchanged cluster, for every datastore', () => {
    for (const datastore of [
      { type: 'embedded-etcd' },
      { type: 'mysql', endpoint: 'mysql://u:p@tcp(10.0.0.9:3306)/k3s' },
      { type: 'postgres', endpoint: 'postgres://u:p@10.0.0.9/k3s' },
    ]) {
      const cluster = clusterOf({ datastore });
      const plan = planFor(cluster, provisionedFacts(cluster));
      expect(steps(plan)).toEqual([]);
      expect(planText(plan)).toContain('Nothing to do: all 5 nodes are as the file says');
    }
  });

  it('finishes what a cut-off run left: a config written but not loaded, a server not started', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    facts.set('server-2', { ...(facts.get('server-2') as HostFacts), restartPending: true });
    facts.set('agent-1', {
      ...(facts.get('agent-1') as HostFacts),
      units: { 'k3s-agent': { active: 'inactive', sub: 'dead', restarts: 0, enabled: true } },
    });
    expect(steps(planFor(cluster, facts))).toEqual(['start:agent-1', 'restart:server-2', 'await-nodes:server-1']);
  });

  it('runs the installer again when its stamp is missing, because it was cut off', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    facts.set('agent-2', { ...(facts.get('agent-2') as HostFacts), stamp: undefined });
    expect(steps(planFor(cluster, facts))).toEqual(['install:agent-2', 'restart:agent-2', 'await-nodes:server-1']);
  });
});

describe('a token with the hash of the authority', () => {
  const cluster = clusterOf();
  const HASH = 'ab'.repeat(32);
  /** The hosts after a run whose nodes got the token in that form, or with the hash of another authority. */
  const factsWith = (written: string | undefined, known: string | undefined): Map<string, HostFacts> => {
    const want = content(cluster, written);
    return new Map(
      [...provisionedFacts(cluster)].map(([id, seen]) => {
        const server = id.startsWith('server');
        const pinned = want
          .get(id)
          ?.pinnedHashes.get(
            server && id !== 'server-1'
              ? startKey({ kind: 'join', through: cluster.servers[0] as ClusterNode })
              : 'found',
          );
        return [
          id,
          {
            ...seen,
            ...(pinned === undefined ? {} : { configSha256: pinned }),
            ...(server && known !== undefined ? { caHash: known } : {}),
          },
        ];
      }),
    );
  };
  const planned = (written: string | undefined, known: string | undefined): string[] =>
    steps(buildPlan(cluster, factsWith(written, known), content(cluster, known)));

  it('restarts nothing, whichever form stands on the hosts', () => {
    expect(planned(undefined, undefined)).toEqual([]);
    expect(planned(undefined, HASH)).toEqual([]);
    expect(planned(HASH, HASH)).toEqual([]);
  });

  it('of another authority is replaced: every node would be refused with it', () => {
    expect(planned('cd'.repeat(32), HASH).filter((id) => id.startsWith('write-config'))).toEqual(
      ['server-2', 'server-3', 'agent-1', 'agent-2'].map((id) => `write-config:${id}`),
    );
  });

  it('is never that of the first server of a new cluster', () => {
    const want = content(cluster, HASH).get('server-1') as NodeContent;
    expect(want.config({ kind: 'found' })).toContain('token: f00dfeed\n');
    expect(want.config({ kind: 'join', through: cluster.servers[1] as ClusterNode })).toContain(
      `token: K10${HASH}::server:f00dfeed\n`,
    );
  });
});

describe('a changed option of the servers', () => {
  const before = provisionedFacts(clusterOf());
  const plan = planFor(clusterOf({ serverConfig: { 'write-kubeconfig-mode': '0640' } }), before);

  it('restarts the servers one after another and leaves the agents alone', () => {
    expect(steps(plan).filter((id) => id.startsWith('restart'))).toEqual([
      'restart:server-1',
      'restart:server-2',
      'restart:server-3',
    ]);
    expect(after(plan, 'restart:server-2')).toContain('restart:server-1');
    expect(after(plan, 'restart:server-3')).toContain('restart:server-2');
    expect(steps(plan).some((id) => id.includes('agent'))).toBe(false);
    expect(planText(plan)).toContain('Not touched: agent-1, agent-2');
  });
});

describe('what is never done', () => {
  it('a wiped first server joins the others instead of founding a second cluster', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    facts.set('server-1', freshHost('server-1'));
    const plan = planFor(cluster, facts);
    const write = plan.steps.find((step) => step.id === 'write-config:server-1');
    expect(write?.action).toMatchObject({ type: 'write-config', start: { kind: 'join', through: { id: 'server-2' } } });
    expect(after(plan, 'start:server-1')).toEqual(['install:server-1']);
  });

  it('agents start in waves of at most 50', () => {
    const cluster = clusterOf({ agents: 120 });
    const plan = planFor(cluster, freshFacts(cluster));
    expect(after(plan, 'start:agent-50')).not.toContain('start:agent-1');
    expect(after(plan, 'start:agent-51')).toContain('start:agent-1');
    expect(after(plan, 'start:agent-120')).toContain('start:agent-70');
  });

  it.each([
    ['a port that is taken', { listeningPorts: [22, 6443] }, 'port-in-use', 'Port 6443 is already in use on server-1'],
    ['no memory cgroup', { memoryCgroup: false }, 'cgroup-memory-missing', 'no memory cgroup'],
    ['no systemd', { init: 'openrc' as const }, 'no-systemd', 'does not run systemd'],
    ['a full disk', { diskFreeKiB: 1000 }, 'disk-space', 'only 1 MiB free'],
    [
      'the other role',
      { units: { 'k3s-agent': { active: 'active', sub: 'running', restarts: 0, enabled: true } } },
      'role-changed',
      'declared as server but has k3s-agent.service',
    ],
    ['a newer release', { k3sVersion: 'v1.37.0+k3s1' }, 'version-downgrade', 'newer than v1.36.3+k3s1'],
    [
      'B5: a newer pre-release',
      { k3sVersion: 'v1.37.0-rc1+k3s1' },
      'version-downgrade',
      'v1.37.0-rc1+k3s1, newer than v1.36.3+k3s1',
    ],
    [
      'B5: a pre-release too old',
      { k3sVersion: 'v1.34.1-rc1+k3s1' },
      'version-skips-minor',
      'would jump from v1.34.1-rc1+k3s1',
    ],
    ['a release too old', { k3sVersion: 'v1.34.1+k3s1' }, 'version-skips-minor', 'would jump from v1.34.1+k3s1'],
  ])('touch nothing with %s on a host', (_, seen, code, words) => {
    const cluster = clusterOf();
    const facts = freshFacts(cluster);
    facts.set('server-1', { ...freshHost('server-1'), ...seen });
    const plan = planFor(cluster, facts);
    expect(plan.steps).toEqual([]);
    expect(plan.problems.map((found) => found.code)).toEqual([code]);
    expect(plan.problems[0]?.message).toContain(words);
    expect(plan.problems[0]?.nextSteps.length).toBeGreaterThan(0);
    expect(planText(plan)).toContain('Nothing can be done yet');
  });

  it.each([
    ['v1.36.3-rc1+k3s1', 'v1.34.1+k3s1', 'version-downgrade'],
    ['v1.36.3+k3s1', 'v1.36.3-rc2+k3s1', 'version-downgrade'],
    ['v1.36.3-rc10+k3s1', 'v1.36.3-rc9+k3s1', 'version-downgrade'],
    ['v1.36.3-rc1+k3s1', 'v1.36.3-beta2+k3s1', 'version-downgrade'],
    ['v1.36.3-rc9+k3s1', 'v1.36.3-rc10+k3s1', undefined],
    ['v1.36.3-rc2+k3s1', 'v1.36.3+k3s1', undefined],
    ['v1.36.3-rc2+k3s1', 'v1.37.0-rc1+k3s1', undefined],
    ['v1.36.3-rc2+k3s1', 'v1.38.0-rc1+k3s1', 'version-skips-minor'],
  ])('B5: from %s to %s is judged like any other two releases', (installed, version, code) => {
    const facts = freshFacts(clusterOf({ version }));
    facts.set('server-1', { ...freshHost('server-1'), k3sVersion: installed });
    expect(planFor(clusterOf({ version }), facts).problems.map((found) => found.code)).toEqual(
      code === undefined ? [] : [code],
    );
  });

  it('touch anything when two entries are one machine', () => {
    const cluster = clusterOf();
    const facts = freshFacts(cluster);
    facts.set('agent-1', freshHost('server-1'));
    expect(planFor(cluster, facts).problems.map((found) => found.message)).toEqual([
      'server-1 and agent-1 are the same machine',
    ]);
  });
});

describe('the steps of a plan', () => {
  const [server] = clusterOf().servers as [ClusterNode];

  it('B6: two of one id are refused, for a run would carry out only one of them', () => {
    const draft = createDraft();
    expect(draft.add(server, { type: 'install' }, 'Install K3s', 'it is missing')).toBe('install:server-1');
    expect(() => draft.add(server, { type: 'install' }, 'Install K3s again', 'it is missing')).toThrow(
      'two steps install:server-1',
    );
    expect(draft.steps.map(({ title }) => title)).toEqual(['Install K3s']);
  });

  it('B7: of an unknown kind are something to do', () => {
    const step = {
      id: 'upload-file:server-1',
      node: 'server-1',
      action: { type: 'upload-file' },
      title: 'Upload ca.crt',
      reason: 'it is missing',
      after: [],
      estimateMs: 1,
    } as unknown as Step;
    const plan: Plan = { clusterName: 'edge', nodes: [server], steps: [step], problems: [], notes: [] };
    expect(summary(plan)).toBe('Carry out 1 step.');
    expect(planText(plan)).not.toContain('Nothing to do');
    const install: Step = { ...step, id: 'install:server-1', action: { type: 'install' } };
    expect(summary({ ...plan, steps: [install, step, { ...step, id: 'upload-file:server-2' }] })).toBe(
      'Install K3s on 1 host, carry out 2 more steps.',
    );
    expect(summary({ ...plan, steps: [] })).toBe('Nothing to do.');
  });
});
