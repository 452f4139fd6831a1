import type { ClusterNode } from '../../core/cluster/cluster';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { runHook, type HookInput } from '../steps/runHook';
import type { DesiredHook } from './desiredHooks';
import type { NodeChange } from './nodeChange';
import type { Situation } from './situation';

/** Adds the hooks that stand before the change of a machine; its other steps come behind the last of them by themselves. */
export function hooksBefore(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  change: NodeChange,
  after: readonly string[] = [],
): void {
  // What is narrower stands nearer to the change.
  const hooks = hooksOf(situation, node, change, 'before');
  for (const hook of [...hooks.apply, ...hooks.upgrade]) add(draft, node, hook, after);
}

/** Adds the hooks that stand after the change of a machine, which run only when `ends` are done; gives all that is to be waited for. */
export function hooksAfter(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  change: NodeChange,
  ends: readonly string[],
): readonly string[] {
  const hooks = hooksOf(situation, node, change, 'after');
  return [...ends, ...[...hooks.upgrade, ...hooks.apply].map((hook) => add(draft, node, hook, ends))];
}

interface Moments {
  readonly apply: readonly DesiredHook[];
  readonly upgrade: readonly DesiredHook[];
}

function hooksOf(
  { desired, facts }: Situation,
  { id }: ClusterNode,
  { installation }: NodeChange,
  side: DesiredHook['side'],
): Moments {
  const own = (desired.get(id)?.hooks ?? []).filter((hook) => hook.side === side);
  const before = facts.get(id)?.k3sVersion;
  const upgrades = installation !== undefined && before !== undefined && installation.release !== before;
  return {
    apply: own.filter(({ event }) => event === 'apply'),
    upgrade: upgrades ? own.filter(({ event }) => event === 'node-upgrade') : [],
  };
}

function add(draft: Draft, node: ClusterNode, hook: DesiredHook, after: readonly string[]): string {
  const { side, event, run, on, timeoutMs, number, input } = hook;
  const what = { side, event, run, on, timeoutMs, number, sha256: input.sha256 };
  return draft.add(runHook.step(node, what, 'hooks asks for it'), after);
}

/** The hook that a step runs; undefined for another kind of step. */
export function hookOf({ desired }: Situation, { kind, on, input }: Step): DesiredHook | undefined {
  if (kind !== runHook.kind) return undefined;
  const { number, sha256 } = input as HookInput;
  return desired.get(on)?.hooks.find((hook) => hook.number === number && hook.input.sha256 === sha256);
}

/** One sentence for each hook that steps run: its path and its whole sha256. */
export function hookNotes(situation: Situation, steps: readonly Step[]): readonly string[] {
  const hooks = steps.flatMap((step) => hookOf(situation, step) ?? []);
  return [
    ...new Set(
      hooks.map(({ run, on, input }) => {
        const where = on === 'here' ? 'runs on this computer, as you' : 'runs on the hosts, as root';
        return `The hook ${run} ${where} (sha256 ${input.sha256}).`;
      }),
    ),
  ];
}
