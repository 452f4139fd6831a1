import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { owedHooksPath } from '../../core/cluster/hooks';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { oweHooks } from '../steps/oweHooks';
import { runHook, type HookInput } from '../steps/runHook';
import type { DesiredHook } from './desiredHooks';
import { changesRelease, type NodeChange } from './nodeChange';
import type { Situation } from './situation';

type Event = DesiredHook['event'];

/** Adds the hooks that stand before the change of a machine; its other steps come behind the last of them by themselves. */
export function hooksBefore(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  change: NodeChange,
  after: readonly string[] = [],
): void {
  // What is narrower stands nearer to the change.
  const events = eventsOf(situation, node, change);
  const ordered = (['apply', 'node-upgrade'] as const).filter((event) => events.has(event));
  addBefore(draft, situation, node, ordered, after);
}

/** Adds the hooks that stand before the removal of a machine. */
export function hooksBeforeRemoval(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  after: readonly string[] = [],
): void {
  addBefore(draft, situation, node, ['node-remove'], after);
}

/** Adds the hooks that stand after the removal of a machine; of one that does not answer only those that run here. */
export function hooksAfterRemoval(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  ends: readonly string[],
): readonly string[] {
  return [...ends, ...addAfter(draft, situation, node, new Set(['node-remove']), ends)];
}

/** Whether a machine that has been removed still owes the hooks after that. */
export function owesRemovalHooks(situation: Situation, node: ClusterNode): boolean {
  return owedEvents(situation, node).has('node-remove');
}

function addBefore(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  events: readonly Event[],
  after: readonly string[],
): void {
  const owed = owedEvents(situation, node);
  for (const event of events) {
    for (const hook of hooksOf(situation, node, 'before', event)) add(draft, node, hook, after);
    if (owed.has(event) || hooksOf(situation, node, 'after', event).length === 0) continue;
    if (!situation.facts.has(node.id)) continue;
    draft.add(oweHooks.step(node, { event, owed: true }, say`a run that is cut off leaves none out`), after);
  }
}

/** Adds the hooks that stand after the change of a machine, which run only when `ends` are done; gives all that is to be waited for. */
export function hooksAfter(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  change: NodeChange,
  ends: readonly string[],
): readonly string[] {
  const events = new Set([...eventsOf(situation, node, change), ...owedChanges(situation, node)]);
  return [...ends, ...addAfter(draft, situation, node, events, ends)];
}

/** Adds the hooks that an earlier run did not get to on a machine that is as the file says. */
export function owedHooks(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  after: readonly string[],
): readonly string[] {
  return addAfter(draft, situation, node, owedChanges(situation, node), after);
}

/** What is owed to a machine that stays: it was not removed after all. */
function owedChanges(situation: Situation, node: ClusterNode): ReadonlySet<Event> {
  return new Set([...owedEvents(situation, node)].filter((event) => event !== 'node-remove'));
}

function addAfter(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  events: ReadonlySet<Event>,
  after: readonly string[],
): readonly string[] {
  return (['node-remove', 'node-upgrade', 'apply'] as const).flatMap((event) => {
    const hooks = events.has(event) ? hooksOf(situation, node, 'after', event) : [];
    if (hooks.length === 0) return [];
    const ids = hooks.map((hook) => add(draft, node, hook, after));
    if (!situation.facts.has(node.id)) return ids;
    return [...ids, draft.add(oweHooks.step(node, { event, owed: false }, say`all of them have run then`), after)];
  });
}

function hooksOf(
  { desired, facts }: Situation,
  { id }: ClusterNode,
  side: DesiredHook['side'],
  event: Event,
): readonly DesiredHook[] {
  return (desired.get(id)?.hooks ?? []).filter(
    (hook) => hook.side === side && hook.event === event && (hook.on === 'here' || facts.has(id)),
  );
}

/** What the change of a machine is to its hooks. */
function eventsOf(situation: Situation, node: ClusterNode, change: NodeChange): ReadonlySet<Event> {
  return new Set(changesRelease(situation, node, change) ? ['apply', 'node-upgrade'] : ['apply']);
}

/** What an earlier run began on a machine, and whose hooks after it have not all succeeded. */
function owedEvents({ facts }: Situation, { id }: ClusterNode): ReadonlySet<Event> {
  const files = facts.get(id)?.files;
  return new Set(
    (['apply', 'node-upgrade', 'node-remove'] as const).filter(
      (event) => (files?.get(owedHooksPath(event))?.size ?? 0) > 0,
    ),
  );
}

function add(draft: Draft, node: ClusterNode, hook: DesiredHook, after: readonly string[]): string {
  const { side, event, run, on, timeoutMs, number, input } = hook;
  const what = { side, event, run, on, timeoutMs, number, sha256: input.sha256 };
  return draft.add(runHook.step(node, what, say`hooks asks for it`), after);
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
        const where = on === 'here' ? say`runs on this computer, as you` : say`runs on the hosts, as root`;
        return say`The hook ${run} ${where} (sha256 ${input.sha256}).`;
      }),
    ),
  ];
}
