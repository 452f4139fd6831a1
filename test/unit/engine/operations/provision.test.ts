import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { nodesOf } from '../../../../src/core/cluster/roles';
import type { UnitFacts } from '../../../../src/core/facts/k3sFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { createDraft } from '../../../../src/core/plan/draft';
import type { Plan } from '../../../../src/core/plan/plan';
import { planText, summary } from '../../../../src/core/plan/planText';
import type { NodeContent } from '../../../../src/engine/planning/desired';
import { install } from '../../../../src/engine/steps/install';
import { defineStep } from '../../../../src/engine/steps/step';
import { clusterOf, freshHost, runningUnit } from '../../../support/cluster';
import { AUTHORITY, contentFor, freshFacts, planFor, provisionedFacts } from '../../../support/plans';

function steps(plan: Plan): string[] {
  return plan.steps.map((step) => step.id);
}

function after(plan: Plan, id: string): readonly string[] {
  return plan.steps.find((step) => step.id === id)?.after ?? [];
}

const PROOF = ['await-nodes:server-1', 'prove-tunnels:server-1'];

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

  it('ends by waiting for all nodes, and by the tunnels of each to every server', () => {
    expect(steps(plan).slice(-2)).toEqual(PROOF);
    expect(after(plan, 'await-nodes:server-1')).toEqual(expect.arrayContaining(['start:server-3', 'start:agent-2']));
  });

  it('lets only the first server found the cluster', () => {
    const starts = plan.steps.flatMap((step) =>
      step.kind === 'write-config' && step.on.startsWith('server') ? [step.input] : [],
    );
    const join = { start: { kind: 'join', through: 'server-1' } };
    expect(starts).toEqual([{ start: { kind: 'found' } }, join, join]);
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
      units: { 'k3s-agent': { ...(runningUnit('agent')['k3s-agent'] as UnitFacts), active: 'inactive', sub: 'dead' } },
    });
    expect(steps(planFor(cluster, facts))).toEqual(['start:agent-1', 'restart:server-2', ...PROOF]);
  });

  it('runs the installer again where it was cut off before it made the unit', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    facts.set('agent-2', { ...(facts.get('agent-2') as HostFacts), units: {} });
    expect(steps(planFor(cluster, facts))).toEqual(['install:agent-2', 'start:agent-2', ...PROOF]);
  });
});

describe('two units of K3s on one machine', () => {
  const cluster = clusterOf();
  const waiting = (role: 'server' | 'agent'): HostFacts['units'] =>
    Object.fromEntries(
      Object.entries(runningUnit(role)).map(([name, unit]) => [name, { ...unit, active: 'activating' }]),
    );
  const planned = (id: string, role: 'server' | 'agent', more: Partial<HostFacts> = {}) => {
    const facts = provisionedFacts(cluster);
    const seen = facts.get(id) as HostFacts;
    facts.set(id, { ...seen, ...more, units: { ...seen.units, ...waiting(role) } });
    return planFor(cluster, facts);
  };

  it('are mended without a restart: the one that does not belong to the role goes', () => {
    expect(steps(planned('agent-1', 'server'))).toEqual(['remove-unit:agent-1:k3s', 'await-nodes:server-1']);
    const plan = planned('server-2', 'agent');
    expect(steps(plan)).toEqual(['remove-unit:server-2:k3s-agent', 'await-nodes:server-1']);
    expect(plan.notes.join()).toContain('server-2 has k3s-agent.service beside k3s.service');
  });

  it('are mended before the machine is started', () => {
    const facts = freshFacts(cluster);
    facts.set('agent-1', {
      ...freshHost('agent-1'),
      units: { ...waiting('server'), ...waiting('agent') },
    });
    expect(after(planFor(cluster, facts), 'write-config:agent-1')).toEqual(['remove-unit:agent-1:k3s']);
  });

  it('stay where a server has left its data, which could be lost', () => {
    const plan = planned('agent-1', 'server', { serverToken: true });
    expect([steps(plan), plan.problems.map(({ code }) => code)]).toEqual([[], ['role-changed']]);
    expect(plan.problems[0]?.message).toContain('a server has left its data there');
  });

  it('name the folder that the unit itself names for its data', () => {
    const [name, unit] = Object.entries(waiting('server'))[0] as [string, UnitFacts];
    const facts = provisionedFacts(cluster);
    const seen = facts.get('agent-1') as HostFacts;
    const stray = { ...unit, command: ['server', '--data-dir', '/srv/k3s'] };
    facts.set('agent-1', { ...seen, units: { ...seen.units, [name]: stray } });
    expect(planFor(cluster, facts).steps[0]?.input).toEqual({ unit: 'k3s', folder: '/srv/k3s' });
  });
});

describe('a token with the hash of the authority', () => {
  const cluster = clusterOf();
  /** The hosts after a run whose nodes got the token in that form, or with the hash of another authority. */
  const factsWith = (written: string | undefined): Map<string, HostFacts> => {
    const want = contentFor(cluster, written);
    return new Map(
      [...provisionedFacts(cluster)].map(([id, seen]) => {
        const join = id.startsWith('server') && id !== 'server-1';
        const start = join ? { kind: 'join' as const, through: 'server-1' } : { kind: 'found' as const };
        return [id, { ...seen, config: want.get(id)?.config(start) ?? '' }];
      }),
    );
  };
  const planned = (written: string | undefined): string[] => steps(planFor(cluster, factsWith(written)));

  it('restarts nothing, whichever form stands on the hosts', () => {
    expect(planned(undefined)).toEqual([]);
    expect(planned(AUTHORITY)).toEqual([]);
  });

  it('of another authority is replaced: every node would be refused with it', () => {
    expect(planned('cd'.repeat(32)).filter((id) => id.startsWith('write-config'))).toEqual(
      ['server-2', 'server-3', 'agent-1', 'agent-2'].map((id) => `write-config:${id}`),
    );
  });

  it('is never that of the first server of a new cluster', () => {
    const want = contentFor(cluster, AUTHORITY).get('server-1') as NodeContent;
    expect(want.config({ kind: 'found' })).toContain('token: f00dfeed\n');
    expect(want.config({ kind: 'join', through: 'server-2' })).toContain(`token: K10${AUTHORITY}::server:f00dfeed\n`);
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
    // H2: nothing of a server is touched before the one before it is proved, and its old state is gone or back.
    expect(after(plan, 'put-aside:server-2')).toEqual(['restart:server-1', 'put-back:server-1']);
    expect(after(plan, 'put-aside:server-3')).toEqual(['restart:server-2', 'put-back:server-2']);
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
    expect(write?.input).toEqual({ start: { kind: 'join', through: 'server-2' } });
    expect(after(plan, 'start:server-1')).toEqual(['install:server-1']);
  });

  it('at most 50 agents start at the same time', () => {
    const cluster = clusterOf({ agents: 120 });
    const plan = planFor(cluster, freshFacts(cluster));
    const starts = plan.steps.filter(({ id }) => id.startsWith('start:agent-'));
    expect(starts).toHaveLength(120);
    for (const step of starts) expect(step.holds).toContainEqual({ what: 'agent starting', limit: 50 });
  });

  it.each([
    ['a port that is taken', { listeningPorts: [22, 6443] }, 'port-in-use', 'Port 6443 is already in use on server-1'],
    ['no memory cgroup', { memoryCgroup: false }, 'cgroup-memory-missing', 'no memory cgroup'],
    ['no service manager', { init: 'none' as const }, 'no-service-manager', 'runs neither systemd nor OpenRC'],
    ['a full disk', { diskFreeKiB: 1000 }, 'disk-space', 'only 1 MiB free'],
    ['the other role', { units: runningUnit('agent') }, 'role-changed', 'declared as server but has k3s-agent.service'],
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
  const upload = defineStep<{ readonly name: string }>({
    kind: 'upload',
    phase: 'stage',
    estimateMs: 1,
    says: ({ name }) => ({ title: `Upload ${name}`, doing: 'uploading', counted: 'upload files to' }),
    subject: ({ name }) => name,
    run: async () => ({ kind: 'done' }),
  });
  const planOf = (...made: Plan['steps']): Plan => ({
    clusterName: 'edge',
    machines: [server],
    steps: made,
    problems: [],
    notes: [],
  });

  it('B6: two of one id are refused, for a run would carry out only one of them', () => {
    const draft = createDraft();
    const first = install.step(server, { role: 'server', release: 'v1' }, 'it is missing');
    expect(draft.add(first)).toBe('install:server-1');
    expect(() => draft.add(first)).toThrow('two steps install:server-1');
    expect(draft.add(upload.step(server, { name: 'ca.crt' }, 'it is missing'))).toBe('upload:server-1:ca.crt');
    expect(draft.add(upload.step(server, { name: 'key' }, 'it is missing'))).toBe('upload:server-1:key');
    expect(draft.steps.at(-1)?.after).toEqual(['upload:server-1:ca.crt']);
  });

  it('B7: of any kind are something to do', () => {
    const step = upload.step(server, { name: 'ca.crt' }, 'it is missing');
    expect(summary(planOf(step))).toBe('Upload files to 1 host.');
    expect(planText(planOf(step))).not.toContain('Nothing to do');
    const k3s = install.step(server, { role: 'server', release: 'v1' }, 'it is missing');
    expect(summary(planOf(k3s, step))).toBe('Install K3s on 1 host, upload files to 1 host.');
    expect(summary(planOf())).toBe('Nothing to do.');
  });
});
