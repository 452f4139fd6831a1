import { describe, expect, it } from 'vitest';
import { keptPods } from '../../../src/core/health/disruption';
import type { DisruptionBudget, Pod } from '../../../src/core/remote/pods';

const pod = (name: string, node: string, more: Partial<Pod> = {}): Pod => ({
  namespace: 'shop',
  name,
  node,
  phase: 'Running',
  owner: 'ReplicaSet',
  emptyDir: false,
  mirror: false,
  ending: false,
  ready: true,
  labels: new Map([['app', 'web']]),
  ...more,
});

const budget = (allowed: number, more: Partial<DisruptionBudget> = {}): DisruptionBudget => ({
  namespace: 'shop',
  name: 'web',
  allowed,
  healthy: 2,
  wanted: 2,
  unhealthyAlways: false,
  selector: { labels: { app: 'web' }, expressions: [] },
  ...more,
});

const names = (pods: readonly Pod[], budgets: readonly DisruptionBudget[]): string[] =>
  keptPods({ pods, budgets }, new Set(['agent-1', 'agent-2'])).flatMap((kept) => kept.pods.map(({ name }) => name));

describe('pods that a drain cannot move', () => {
  it('are told with their budget, over all nodes together', () => {
    const pods = [pod('a', 'agent-1'), pod('b', 'agent-2'), pod('c', 'agent-3')];
    expect(keptPods({ pods, budgets: [budget(0)] }, new Set(['agent-1', 'agent-2']))).toEqual([
      {
        why: 'PodDisruptionBudget shop/web allows no pod to go: 2 pods of it are healthy, and 2 must stay so',
        pods: pods.slice(0, 2),
        command: 'kubectl get pdb web --namespace shop',
      },
    ]);
  });

  it('are none while the budget allows one', () => {
    expect(names([pod('a', 'agent-1')], [budget(1)])).toEqual([]);
  });

  it('are none that a drain leaves, and none that need no budget', () => {
    const pods = [
      pod('daemon', 'agent-1', { owner: 'DaemonSet' }),
      pod('file', 'agent-1', { mirror: true }),
      pod('done', 'agent-1', { phase: 'Succeeded' }),
      pod('new', 'agent-1', { phase: 'Pending' }),
      pod('going', 'agent-1', { ending: true }),
      pod('other', 'agent-1', { namespace: 'other' }),
      pod('unlike', 'agent-1', { labels: new Map([['app', 'db']]) }),
    ];
    expect(names(pods, [budget(0)])).toEqual([]);
  });

  it('may go unready where the budget says so, or is kept by others', () => {
    const unready = [pod('a', 'agent-1', { ready: false })];
    expect(names(unready, [budget(0, { healthy: 1 })])).toEqual(['a']);
    expect(names(unready, [budget(0, { healthy: 1, unhealthyAlways: true })])).toEqual([]);
    expect(names(unready, [budget(0)])).toEqual([]);
  });

  it.each([
    ['In', ['web'], true],
    ['In', ['db'], false],
    ['NotIn', ['db'], true],
    ['NotIn', ['web'], false],
    ['Exists', [], true],
    ['DoesNotExist', [], false],
  ])('are selected by %s %j: %s', (operator, values, kept) => {
    const selector = { labels: {}, expressions: [{ key: 'app', operator, values }] };
    expect(names([pod('a', 'agent-1')], [budget(0, { selector })])).toEqual(kept ? ['a'] : []);
  });

  it('are all of a namespace for an empty selector, and none for none', () => {
    expect(names([pod('a', 'agent-1')], [budget(0, { selector: { labels: {}, expressions: [] } })])).toEqual(['a']);
    const { selector: _, ...without } = budget(0);
    expect(names([pod('a', 'agent-1')], [without])).toEqual([]);
  });

  it('are those that several budgets select: Kubernetes never evicts them', () => {
    const found = keptPods(
      { pods: [pod('a', 'agent-1')], budgets: [budget(1), budget(1, { name: 'all' })] },
      new Set(['agent-1']),
    );
    expect(found.map(({ why }) => why)).toEqual([
      'PodDisruptionBudget shop/web and PodDisruptionBudget shop/all select the same pod, and Kubernetes evicts none that has more than one',
    ]);
  });
});
