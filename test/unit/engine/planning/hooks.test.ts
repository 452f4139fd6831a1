import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { readHooks } from '../../../../src/core/cluster/hooks';
import { upgradeRules } from '../../../../src/core/cluster/upgradeRules';
import { clusterOf } from '../../../support/cluster';
import { readTexts, textInput } from '../../../support/localFiles';
import { contentFor, freshFacts, planFor, provisionedFacts, AUTHORITY } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const TEXTS = {
  './before.sh': '#!/bin/sh\necho before\n',
  './after.sh': '#!/bin/sh\necho after\n',
  './pre.sh': '#!/bin/sh\necho pre\n',
  './post.sh': '#!/bin/sh\necho post\n',
};

const ALL = [
  { when: 'after apply', run: './after.sh' },
  { when: 'before node-upgrade', run: './pre.sh' },
  { when: 'after node-upgrade', run: './post.sh' },
  { when: 'before apply', run: './before.sh' },
];

function hooked(cluster: Cluster, hooks: readonly unknown[] = ALL): Cluster {
  const upgrade = { ...upgradeRules(cluster), snapshotFirst: false };
  return { ...cluster, k3s: { ...cluster.k3s, upgrade }, hooks: readHooks(hooks) };
}

/** `<what> <machine>` of each step that belongs to a machine, hooks by their script. */
function order(cluster: Cluster, facts: ReturnType<typeof freshFacts>, machine: string): readonly string[] {
  const desired = contentFor(cluster, AUTHORITY, readTexts(TEXTS));
  const plan = planFor(cluster, facts, { desired });
  expect(plan.problems).toEqual([]);
  return plan.steps
    .filter(({ about, kind }) => about === machine && !['await-nodes', 'prove-tunnels'].includes(kind))
    .map(({ kind, input }) => (kind === 'run-hook' ? (input as { run: string }).run : kind));
}

const NEWER = 'v1.36.4+k3s1';

/** Three servers that run an older release than the file wants. */
function upgrade(hooks: readonly unknown[] = ALL): ScriptedCluster {
  const before = clusterOf({ agents: 0 });
  const wanted = hooked(clusterOf({ agents: 0, version: NEWER }), hooks);
  const made = scriptedCluster(wanted, provisionedFacts(before));
  made.texts = TEXTS;
  return made;
}

const hookCalls = (made: ScriptedCluster): readonly string[] =>
  made.hosts.calls
    .filter(({ script }) => script === 'run-hook')
    .map(({ host, stdin }) => `${host} ${stdin.split(' ')[1]?.trim()}`);

describe('hooks in a plan', () => {
  it('stand around all steps of a machine that is new, without those of an upgrade', () => {
    const cluster = hooked(clusterOf({ servers: 1, agents: 1 }));
    for (const machine of ['server-1', 'agent-1'])
      expect(order(cluster, freshFacts(cluster), machine)).toEqual([
        './before.sh',
        'owe-hooks',
        'write-config',
        'install',
        'start',
        './after.sh',
        'owe-hooks',
      ]);
  });

  it('of an upgrade stand nearer to the change of the release than those of everything', () => {
    const cluster = hooked(clusterOf({ servers: 1, agents: 0, version: NEWER }));
    expect(order(cluster, provisionedFacts(clusterOf({ servers: 1, agents: 0 })), 'server-1')).toEqual([
      './before.sh',
      'owe-hooks',
      './pre.sh',
      'owe-hooks',
      'put-aside',
      'install',
      'restart',
      'put-back',
      'await-settled',
      './post.sh',
      'owe-hooks',
      './after.sh',
      'owe-hooks',
    ]);
  });

  it('of an upgrade do not run for another change', () => {
    const cluster = hooked(clusterOf({ servers: 1, agents: 0, serverConfig: { 'node-label': ['a=b'] } }));
    const steps = order(cluster, provisionedFacts(clusterOf({ servers: 1, agents: 0 })), 'server-1');
    expect(steps).toContain('./before.sh');
    expect(steps).not.toContain('./pre.sh');
    expect(steps).not.toContain('./post.sh');
  });

  it('are none where nothing changes', () => {
    const cluster = hooked(clusterOf());
    const desired = contentFor(cluster, AUTHORITY, readTexts(TEXTS));
    expect(planFor(cluster, provisionedFacts(cluster), { desired }).steps).toEqual([]);
  });

  it('are named with path, place and whole sha256', async () => {
    const { plan } = await upgrade([{ when: 'before node-upgrade', run: './pre.sh' }]).plan();
    expect(plan.problems).toEqual([]);
    expect(plan.notes).toContain(
      `The hook ./pre.sh runs on the hosts, as root (sha256 ${textInput(TEXTS['./pre.sh']).sha256}).`,
    );
  });
});

describe('hooks in a run', () => {
  it('run once for each machine, one machine after another', async () => {
    const made = upgrade();
    expect((await made.run(await made.plan())).result).toBe('done');
    expect(hookCalls(made)).toEqual(
      ['server-1', 'server-2', 'server-3'].flatMap((host) => [
        `${host} before`,
        `${host} pre`,
        `${host} post`,
        `${host} after`,
      ]),
    );
  });

  it('that fail before a change leave their machine and the next ones as they were; the next run does all of it', async () => {
    const made = upgrade();
    made.first = (host, script, _, { stdin }) =>
      script === 'run-hook' && host === 'server-2' && stdin.includes('pre')
        ? { stderr: 'the hook ran longer than 300 s and was ended\n', exitCode: 91 }
        : undefined;
    const report = await made.run(await made.plan());
    expect(report.result).toBe('failed');
    expect(report.problems).toMatchObject([
      { host: 'server-2', code: 'hook-failed', why: 'The hook ran longer than 300 s and was ended.' },
    ]);
    expect(made.changes().filter((change) => !change.endsWith('server-1'))).toEqual(['upload-file server-2']);
    made.first = () => undefined;
    expect((await made.run(await made.plan())).result).toBe('done');
    expect(hookCalls(made).filter((call) => call.startsWith('server-1'))).toHaveLength(4);
    expect(made.facts.get('server-3')?.k3sVersion).toBe(NEWER);
  });

  it('after a change that failed are not run', async () => {
    const made = upgrade();
    made.works = (host, { k3sVersion }) => host !== 'server-1' || k3sVersion !== NEWER;
    expect((await made.run(await made.plan())).result).toBe('failed');
    expect(hookCalls(made)).toEqual(['server-1 before', 'server-1 pre']);
  });

  it('after a change that failed or were not reached are all that the next run does', async () => {
    const made = upgrade();
    made.first = (_, script, __, { stdin }) =>
      script === 'run-hook' && stdin.includes('post')
        ? { stderr: 'the hook ended with exit status 1', exitCode: 90 }
        : undefined;
    expect((await made.run(await made.plan())).result).toBe('failed');
    expect(hookCalls(made)).toEqual(['server-1 before', 'server-1 pre', 'server-1 post']);
    made.first = () => undefined;
    const before = [hookCalls(made).length, made.changes().length] as const;
    const next = await made.plan();
    expect(
      next.plan.steps.filter(({ about }) => about === 'server-1').map(({ says }) => says.title.split(' (')[0]),
    ).toEqual(expect.arrayContaining(['Run ./post.sh', 'Run ./after.sh']) as string[]);
    expect((await made.run(next)).result).toBe('done');
    expect(
      hookCalls(made)
        .slice(before[0])
        .filter((call) => call.startsWith('server-1')),
    ).toEqual(['server-1 post', 'server-1 after']);
    expect(made.changes().slice(before[1])).not.toContain('unit-control server-1');
    expect((await made.plan()).plan.steps).toEqual([]);
  });

  it('that cannot be read or that no program would read stop everything before anything is done', async () => {
    const made = upgrade([{ when: 'before apply', run: './gone.sh' }]);
    expect((await made.plan()).plan).toMatchObject({
      steps: [],
      problems: [{ message: 'hooks runs ./gone.sh, and that file cannot be used' }],
    });
    made.texts = { './gone.sh': 'echo no first line\n' };
    expect((await made.plan()).plan.problems).toMatchObject([{ why: expect.stringContaining('#!') as string }]);
    made.texts = { './gone.sh': '#!/bin/sh\r\necho\r\n' };
    expect((await made.plan()).plan.problems).toMatchObject([{ why: expect.stringContaining('Windows') as string }]);
  });

  it('on this computer are refused where nobody can be asked', async () => {
    const made = upgrade([{ when: 'before apply', run: './pre.sh', on: 'here' }]);
    expect((await made.plan()).plan).toMatchObject({ steps: [], problems: [{ code: 'programs-not-agreed' }] });
  });
});
