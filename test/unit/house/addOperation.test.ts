import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { err, ok } from '../../../src/core/base/result';
import { nodesOf } from '../../../src/core/cluster/roles';
import { planDocument } from '../../../src/core/plan/planDocument';
import { planText } from '../../../src/core/plan/planText';
import { advance, progressOf } from '../../../src/core/plan/progress';
import type { RemoteCommand, RemoteScript } from '../../../src/core/remote/remoteCommand';
import type { Operation, Wanted } from '../../../src/engine/operations/operation';
import { defineStep, ended } from '../../../src/engine/steps/step';
import { clusterOf } from '../../support/cluster';
import { provisionedFacts } from '../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../support/scriptedCluster';

// What "How to add an operation, a step" in docs/architecture.md tells, done once: no file of src knows any of it.

const SET_HOSTNAME_SCRIPT: RemoteScript = { id: 'set-hostname', text: 'hostnamectl set-hostname "$1"' };

function setHostnameCommand(name: string): RemoteCommand<void> {
  return {
    script: SET_HOSTNAME_SCRIPT,
    args: [name],
    sudo: true,
    timeoutMs: 10_000,
    secrets: [],
    parse: ({ exitCode, stderr }) =>
      exitCode === 0 ? ok(undefined) : err(problem('hostname-refused', 'The host kept its name', { why: stderr })),
  };
}

const setHostname = defineStep<{ readonly name: string }>({
  kind: 'set-hostname',
  phase: 'change',
  estimateMs: 1_000,
  says: ({ name }) => ({ title: `Call the host ${name}`, doing: 'renaming', counted: 'rename' }),
  run: async ({ name }, at) => ended(await at.on(at.machine, setHostnameCommand(name))),
});

interface Names {
  /** The new name of each machine. */
  readonly names: Readonly<Record<string, string>>;
}

const renameHosts: Operation<Names> = {
  id: 'rename-hosts',
  title: 'Rename Hosts',
  asks: 'plan-and-name',
  then: 'refresh',
  plan({ cluster, facts }, { names }, draft) {
    const unknown = Object.keys(names).find((id) => !facts.has(id));
    if (unknown !== undefined) draft.refuse(problem('host-unknown', `${unknown} is no machine that answers`));
    let before: readonly string[] = [];
    for (const node of nodesOf(cluster)) {
      const name = names[node.id];
      if (name === undefined || facts.get(node.id)?.hostname === name) continue;
      const guards = node.role === 'server' ? (['quorum'] as const) : [];
      before = [draft.add(setHostname.step(node, { name }, 'its name is an old one', { guards }), before)];
    }
  },
};

const cluster = clusterOf({ servers: 3, agents: 1 });
const KINDS = { kinds: [setHostname] };

function wanted(names: Names['names']): Wanted {
  return { operation: renameHosts, intent: { names } };
}

/** Machines that take the name that they are given, unless `refuses` says so. */
function machines(refuses: (host: string) => boolean = () => false): ScriptedCluster {
  const them = scriptedCluster(cluster, provisionedFacts(cluster));
  them.first = (host, script, _turn, { args: [hostname = ''] }) => {
    const seen = them.facts.get(host);
    if (script !== SET_HOSTNAME_SCRIPT.id || seen === undefined) return undefined;
    if (refuses(host)) return { exitCode: 1, stderr: 'read-only file system' };
    them.facts.set(host, { ...seen, hostname });
    return {};
  };
  return them;
}

const renamed = (them: ScriptedCluster): string[] =>
  them.hosts.calls.filter(({ script }) => script === SET_HOSTNAME_SCRIPT.id).map(({ host }) => host);

describe('an operation and a step that are added', () => {
  it('are planned for what is wanted, and told in every form of a plan', async () => {
    const { plan } = await machines().plan(cluster, wanted({ 'server-2': 'east', 'agent-1': 'edge' }));
    expect(planText(plan)).toBe(
      [
        'Plan for cluster "edge"',
        '',
        'Rename 2 hosts.',
        '',
        'Hosts: server-2 (10.0.0.12), agent-1 (10.0.1.11)',
        '',
        '1. First',
        '   server-2  Call the host east',
        '               because its name is an old one',
        '',
        '2. Then',
        '   agent-1   Call the host edge',
        '               because its name is an old one',
        '',
        'Not touched: server-1, server-3',
        '',
      ].join('\n'),
    );
    const { text } = planDocument(plan, { title: renameHosts.title, disclosures: [] });
    expect(text).toMatch(/^Plan for cluster "edge": Rename Hosts\n/);
    expect(text).toContain('Call the host edge\n    because its name is an old one\n    waits for server-2\n');
  });

  it('are carried out in order, behind their guards, and are told as they go on', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted({ 'server-2': 'east', 'agent-1': 'edge' }));
    const report = await them.run(prepared, KINDS);
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect(renamed(them)).toEqual(['server-2', 'agent-1']);
    const asked = them.hosts.asked();
    expect(asked.lastIndexOf('etcd-members server-3', asked.indexOf('set-hostname server-2'))).toBeGreaterThan(-1);
    const words = report.events.flatMap((event) => (event.type === 'step' ? [`${event.node} ${event.state}`] : []));
    expect(words).toEqual(['server-2 running', 'server-2 done', 'agent-1 running', 'agent-1 done']);
    const [first] = report.events;
    if (first === undefined) throw new Error('the run told nothing');
    const shown = advance(progressOf(prepared.plan), first, prepared.plan);
    expect(shown.get('server-2')).toMatchObject({ state: 'running', words: 'renaming', phase: 'change' });
  });

  it('have nothing left to do afterwards', async () => {
    const them = machines();
    const what = wanted({ 'server-2': 'east' });
    await them.run(await them.plan(cluster, what), KINDS);
    const again = await them.plan(cluster, what);
    expect(planText(again.plan)).toContain('Nothing to do');
    expect(await them.run(again, KINDS)).toMatchObject({ result: 'done' });
    expect(renamed(them)).toEqual(['server-2']);
  });

  it('stop where a host refuses: the next one is not touched, and the reason is told', async () => {
    const them = machines((host) => host === 'server-2');
    const report = await them.run(await them.plan(cluster, wanted({ 'server-2': 'east', 'agent-1': 'edge' })), KINDS);
    expect(report).toMatchObject({
      result: 'failed',
      problems: [{ code: 'hostname-refused', host: 'server-2', why: 'read-only file system' }],
    });
    expect(report.states.get('set-hostname:agent-1')).toBe('skipped');
    expect(renamed(them)).toEqual(['server-2']);
  });

  it('are refused by a guard: with one voter gone no other server is renamed', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted({ 'server-2': 'east' }));
    const answer = them.first;
    them.first = (host, script, ...more) =>
      host === 'server-3' && script === 'etcd-members' ? 'cut off' : answer(host, script, ...more);
    const report = await them.run(prepared, KINDS);
    expect(report).toMatchObject({ result: 'failed', problems: [{ code: 'restart-would-break-cluster' }] });
    expect(renamed(them)).toEqual([]);
  });

  it('do nothing that the plan did not show', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted({ 'server-2': 'east' }));
    const report = await them.run({ ...prepared, intent: { names: { 'server-2': 'west' } } }, KINDS);
    expect(report).toMatchObject({ result: 'failed', problems: [{ code: 'plan-outdated' }] });
    expect(renamed(them)).toEqual([]);
  });

  it('have problems of their own, which leave the plan without steps', async () => {
    const { plan } = await machines().plan(cluster, wanted({ 'server-2': 'east', 'server-9': 'north' }));
    expect(plan.steps).toEqual([]);
    expect(planText(plan)).toContain('server-9 is no machine that answers');
  });

  it('are not carried out by a run that does not know the kind', async () => {
    const them = machines();
    const prepared = await them.plan(cluster, wanted({ 'agent-1': 'edge' }));
    await expect(them.run(prepared)).rejects.toThrow('no step kind set-hostname');
  });
});
