import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { nodesOf } from '../../../../src/core/cluster/roles';
import { nodeHealth } from '../../../../src/core/health/nodeHealth';
import { createDraft, type Draft } from '../../../../src/core/plan/draft';
import { drill, type DrillIntent } from '../../../../src/engine/operations/drill';
import type { Situation } from '../../../../src/engine/planning/situation';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts, situationOf } from '../../../support/plans';
import { apiNode, NOW, READY, SERVER_LABELS, SILENT, VOTER } from '../../health/nodes';

const cluster = clusterOf({ servers: 3, agents: 2 });

function situation(
  more: Partial<Situation> = {},
  change: Partial<Record<string, Partial<HostFacts>>> = {},
  silent = '',
): Situation {
  const facts = new Map([...provisionedFacts(cluster)].map(([id, seen]) => [id, { ...seen, ...change[id] }] as const));
  const nodes = nodesOf(cluster).map(({ id, address, role }) =>
    nodeHealth(
      apiNode({
        name: id,
        ip: address,
        ready: id === silent ? SILENT : READY,
        ...(role === 'server' ? { labels: SERVER_LABELS, etcd: VOTER } : {}),
      }),
      NOW,
    ),
  );
  return situationOf(cluster, facts, { live: { through: 'server-1', nodes }, ...more });
}

function planned(seen: Situation, intent: Partial<DrillIntent> = {}): Draft {
  const draft = createDraft();
  const wish = { parts: [], seconds: 30, ...intent };
  void drill.plan(seen, { ...wish, ...drill.bind?.(seen, wish) } as DrillIntent, draft);
  return draft;
}

const said = ({ steps }: Draft): readonly string[] => steps.map(({ kind, about }) => `${kind} ${about}`);
const problems = (draft: Draft): readonly string[] => draft.problems.map(({ code, message }) => `${code}: ${message}`);

describe('a failover drill', () => {
  it('does not begin while kured may take a second node away', () => {
    const workloads = [{ name: 'kube-system/kured', images: [], pods: 5 }];
    const marks = { endpoints: [], plans: [], workloads, manualLock: false };
    expect(problems(planned(situation({ marks })))).toEqual([
      'other-operator: kube-system/kured reboots nodes of this cluster by itself',
    ]);
    expect(problems(planned(situation({ marks: { ...marks, manualLock: true } })))).toEqual([]);
  });

  it('takes one part away, watches it, brings it back in any case and proves the whole before the next', () => {
    const draft = planned(situation(), { parts: ['server-2', 'link:agent-1'] });
    expect(draft.problems).toEqual([]);
    expect(said(draft)).toEqual([
      'take-away server-2',
      'watch-drill server-2',
      'bring-back server-2',
      'prove-whole server-2',
      'take-away agent-1',
      'watch-drill agent-1',
      'bring-back agent-1',
      'prove-whole agent-1',
      'prove-tunnels server-1',
    ]);
    const [taken, watched, back, whole, next] = draft.steps;
    expect(taken?.guards).toEqual(['api-answers', 'quorum']);
    // What is taken from is not asked what it sees.
    expect(watched?.on).toBe('server-1');
    expect(back).toMatchObject({ always: true });
    expect(back?.after).toEqual(expect.arrayContaining([taken?.id, watched?.id]));
    expect(next?.after).toContain(whole?.id);
    expect(next?.guards).toEqual([]);
  });

  it('takes K3s on every server and on one agent unless somebody says otherwise', () => {
    const taken = planned(situation()).steps.filter(({ kind }) => kind === 'take-away');
    expect(taken.map(({ about }) => about)).toEqual(['server-1', 'server-2', 'server-3', 'agent-1']);
  });

  it('does not do again what a machine says is over, and knows itself by its id', () => {
    const before = situation();
    const { id } = drill.bind?.(before, { parts: [], seconds: 30 }) as DrillIntent;
    const over = situation({}, { 'server-2': { drilled: { id: id ?? '', parts: ['k3s:server-2'] } } });
    expect(planned(over, { parts: ['server-2'], ...(id === undefined ? {} : { id }) }).steps).toEqual([]);
    expect(planned(over, { parts: ['server-2'], id: 'drill-another' }).steps).toHaveLength(5);
  });

  it.each([
    ['a node is not Ready', situation({}, {}, 'agent-2'), 'agent-2 is'],
    ['K3s does not run somewhere', situation({}, { 'agent-1': { units: {} } }), 'K3s does not run on agent-1'],
    ['no server answers', situation({ live: undefined } as never), 'No server of this cluster answers'],
  ])('does not begin when %s', (_words, seen, message) => {
    const draft = planned(seen, { parts: ['server-2'] });
    expect(problems(draft).join('\n')).toContain(`drill-unhealthy: ${message}`);
  });

  it('does not take away what the API hangs on', () => {
    const one = clusterOf({ servers: 1, agents: 1 });
    const nodes = nodesOf(one).map(({ id, address }) => nodeHealth(apiNode({ name: id, ip: address }), NOW));
    const alone = situationOf(one, provisionedFacts(one), { live: { through: 'server-1', nodes } });
    expect(problems(planned(alone, { parts: ['server-1'] })).join()).toContain(
      'Without server-1 the API would be gone',
    );
  });

  it('brings back what one that was cut off has left, takes nothing else, and asks for no name then', () => {
    const left = situation({}, { 'server-3': { drillTakes: 'k3s:server-3', units: {} } }, 'server-3');
    const draft = planned(left, { parts: ['server-1'] });
    expect(draft.problems).toEqual([]);
    expect(said(draft)).toEqual(['bring-back server-3', 'await-nodes server-1', 'prove-tunnels server-1']);
    expect(draft.notes.join()).toContain('A drill was cut off');
    expect(drill.typed?.(left, { parts: [], seconds: 30 })).toBeUndefined();
    expect(drill.typed?.(situation(), { parts: [], seconds: 30 })).toBe(cluster.name);
    // When it is back, the same command has nothing left to do.
    expect(planned(situation(), { parts: ['server-1'], finishes: true }).steps).toEqual([]);
  });
});
