import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { speak } from '../../../src/core/base/say';
import type { Plan } from '../../../src/core/plan/plan';
import { planDocument, plannedFiles } from '../../../src/core/plan/planDocument';
import { provision } from '../../../src/engine/operations/provision';
import { PROVISIONING } from '../../../src/vscode/operations/offered';
import type { PlanDocuments } from '../../../src/vscode/operations/planDocuments';
import type { ReadyPlan } from '../../../src/vscode/operations/readyPlan';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { clusterOf } from '../../support/cluster';
import { freshFacts, planFor, provisionedFacts } from '../../support/plans';
import { fakeEditor, type FakeUri } from './editor';

let editor = fakeEditor();
vi.mock('vscode', () => new Proxy({}, { get: (_, name) => Reflect.get(editor.module, name), has: () => true }));

const { createPlanDocuments, plannedFileUri } = await import('../../../src/vscode/operations/planDocuments');
const { confirm } = await import('../../../src/vscode/operations/confirm');

const { newCluster } = await import('../../../src/vscode/commands/newCluster');

const cluster = clusterOf();
const fresh = planFor(cluster, freshFacts(cluster));

/** A plan whose connections count how often they were closed. */
function readyPlan(plan: Plan = fresh): ReadyPlan & { readonly closed: () => number } {
  const dispose = vi.fn(async () => undefined);
  return {
    offered: PROVISIONING,
    file: { uri: { toString: () => 'file:///edge/cluster.k3s.yaml' } },
    state: { cluster },
    session: { hosts: { dispose } },
    prepared: { plan, operation: provision },
    examined: 0,
    closed: () => dispose.mock.calls.length,
  } as unknown as ReadyPlan & { readonly closed: () => number };
}

/** Shows a plan as its operation does. */
function show(plans: PlanDocuments, ready: ReadyPlan): Promise<void> {
  return plans.show(ready, planDocument(ready.prepared.plan, { title: provision.title, disclosures: [] }));
}

const uriOf = (): Uri & FakeUri => editor.shown().at(-1) as unknown as Uri & FakeUri;

beforeEach(() => {
  editor = fakeEditor();
});

describe('the plan that a document keeps', () => {
  it('holds its connections until the document is closed, then there is nothing to apply', async () => {
    const plans = createPlanDocuments();
    const plan = readyPlan();
    await show(plans, plan);
    expect(editor.textOf(uriOf())).toMatch(/^Plan for cluster "edge": Provision Cluster\n/);
    expect(plans.at(uriOf())?.ready).toBe(plan);
    expect(plan.closed()).toBe(0);
    editor.close(uriOf());
    expect(plan.closed()).toBe(1);
    expect(plans.at(uriOf())).toBeUndefined();
    expect(plans.take(uriOf(), plan)).toBeUndefined();
    expect(editor.textOf(uriOf())).toContain('This plan was closed');
  });

  it('gives way to a newer one of the same file, which alone can be applied', async () => {
    const plans = createPlanDocuments();
    const [older, newer] = [readyPlan(), readyPlan()];
    await show(plans, older);
    await show(plans, newer);
    expect([older.closed(), newer.closed()]).toEqual([1, 0]);
    expect(plans.take(uriOf(), older)).toBeUndefined();
    expect(plans.take(uriOf(), newer)).toBe(newer);
  });

  it('is handed over once; whoever took it closes its connections', async () => {
    const plans = createPlanDocuments();
    const plan = readyPlan();
    await show(plans, plan);
    expect(plans.take(uriOf(), plan)).toBe(plan);
    expect(plans.take(uriOf(), plan)).toBeUndefined();
    expect(plans.at(uriOf())).toMatchObject({ taken: true });
    editor.close(uriOf());
    expect(plan.closed()).toBe(0);
  });

  it('is not lost when the document of an earlier plan is told as closed while this one opens', async () => {
    const plans = createPlanDocuments();
    const plan = readyPlan();
    editor.module.window.showTextDocument.mockImplementationOnce(async (document) => {
      editor.close(document.uri);
      return { document };
    });
    await show(plans, plan);
    expect(plans.at(uriOf())?.ready).toBe(plan);
    expect(plan.closed()).toBe(0);
  });

  it.each([
    ['nothing to do', planFor(cluster, provisionedFacts(cluster))],
    ['something in the way', { ...fresh, steps: [], problems: [{ code: 'x', message: 'It is full', nextSteps: [] }] }],
  ])('cannot be applied with %s, and holds no connection', async (_, made) => {
    const plans = createPlanDocuments();
    const plan = readyPlan(made);
    await show(plans, plan);
    expect(plans.at(uriOf())?.ready).toBeUndefined();
    expect(plan.closed()).toBe(1);
  });

  it('gives both sides of a difference under the path of the host, with secrets left out', async () => {
    const plans = createPlanDocuments();
    await show(plans, readyPlan());
    const [{ file } = { file: undefined }] = plannedFiles(plans.at(uriOf())?.document.parts ?? []);
    if (file === undefined) throw new Error('the plan changes no file');
    const [before, after] = (['before', 'after'] as const).map(
      (side) => plannedFileUri(uriOf(), file, side) as unknown as FakeUri,
    ) as [FakeUri, FakeUri];
    expect(after.path).toBe('/server-1/etc/rancher/k3s/config.yaml');
    expect(editor.textOf(before)).toBe('');
    expect(editor.textOf(after)).toContain('token: «secret»\n');
    expect(editor.textOf(after)).not.toContain('f00dfeed');
  });
});

describe('the question before a plan is carried out', () => {
  it('names what is done, to which hosts with their addresses, and what is worth knowing', async () => {
    editor.answerWith('Provision');
    expect(await confirm(readyPlan({ ...fresh, notes: ['agent-9 is left out'] }), { canShow: true })).toBe('go');
    expect(editor.asked).toEqual([
      {
        message: 'Provision edge?',
        detail:
          'Write the configuration of 5 hosts, install K3s on 5 hosts, start K3s on 5 hosts.\n\n' +
          'Hosts: server-1 (10.0.0.11), server-2 (10.0.0.12), server-3 (10.0.0.13), agent-1 (10.0.1.11), agent-2 (10.0.1.12)\n\n' +
          'agent-9 is left out',
        choices: ['Provision', 'Show Plan'],
      },
    ]);
  });

  it('calls a change of a running cluster what it is, and says what it costs', async () => {
    const running = provisionedFacts(cluster);
    const upgraded = { ...cluster, k3s: { ...cluster.k3s, version: 'v1.36.4+k3s1' } };
    editor.answerWith('Upgrade');
    expect(await confirm(readyPlan(planFor(upgraded, running)), { canShow: true })).toBe('go');
    expect(editor.asked[0]).toMatchObject({
      message: 'Upgrade edge to v1.36.4+k3s1?',
      detail: expect.stringContaining('Servers restart one after another: never fewer than 2 of 3 are up.') as string,
      choices: ['Upgrade', 'Show Plan'],
    });
    const debugging = clusterOf({ servers: 3, agents: 2, serverConfig: { debug: true } });
    await confirm(readyPlan(planFor(debugging, running)), { canShow: true });
    expect(editor.asked[1]).toMatchObject({
      message: 'Apply the changes to edge?',
      choices: ['Apply Changes', 'Show Plan'],
    });
  });

  it('of many hosts names some and counts the rest', async () => {
    const many = clusterOf({ agents: 30 });
    await confirm(readyPlan(planFor(many, freshFacts(many))), { canShow: false });
    expect(editor.asked[0]?.detail).toMatch(/agent-9 \(10\.0\.1\.19\), and 21 more$/);
    expect(editor.asked[0]?.choices).toEqual(['Provision']);
  });

  it.each([
    ['edge', 'go'],
    ['edg', 'no'],
    [undefined, 'no'],
  ] as const)(
    'has the name of the cluster typed where the operation wants that: %s means %s',
    async (typed, outcome) => {
      const plan = readyPlan();
      const prepared = { ...plan.prepared, operation: { ...provision, asks: 'plan-and-name' as const } };
      editor.answerWith('Provision', typed);
      expect(await confirm({ ...plan, prepared }, { canShow: false })).toBe(outcome);
    },
  );
});

describe('in Chinese', () => {
  const [chinese] = catalogues().filter(({ language }) => language === 'zh-cn');
  beforeEach(() => speak(new Map(Object.entries(chinese === undefined ? {} : flat(chinese)))));
  afterEach(() => speak(undefined));

  it('a choice has title and entries, and a question its buttons', async () => {
    await newCluster(undefined as never, undefined as never);
    editor.answerWith('部署');
    expect(await confirm(readyPlan(), { canShow: true })).toBe('go');
    expect(editor.asked).toMatchObject([
      {
        message: '新建集群文件（第 1 步）',
        choices: expect.arrayContaining(['嵌入式 etcd，由 kube-vip 转移地址', '离线', '练习机群']),
      },
      { message: '部署 edge？', choices: ['部署', '显示计划'] },
    ]);
  });
});
