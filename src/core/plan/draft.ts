import type { ClusterNode } from '../cluster/cluster';
import type { Step, StepAction } from './plan';

/** Rough durations of steps, in milliseconds. */
const ESTIMATE = { 'write-config': 200, install: 8000, start: 20_000, restart: 20_000, 'await-nodes': 10_000 } as const;

/** The steps of a plan while it is made. */
export interface Draft {
  readonly steps: readonly Step[];
  /**
   * Adds a step behind the last one of the same node and behind those in `after`; gives its id. Throws when there is a step
   * of that id: a run keeps states by id, so one of the two would never be carried out, and still be told as done.
   */
  add(node: ClusterNode, action: StepAction, title: string, reason: string, after?: readonly string[]): string;
}

export function createDraft(): Draft {
  const steps: Step[] = [];
  const ids = new Set<string>();
  const lastOf = new Map<string, string>();
  return {
    steps,
    add(node, action, title, reason, after = []) {
      const id = `${action.type}:${node.id}`;
      if (ids.has(id)) throw new Error(`the plan has two steps ${id}`);
      const previous = lastOf.get(node.id);
      const waits = new Set([...(previous === undefined ? [] : [previous]), ...after]);
      steps.push({ id, node: node.id, action, title, reason, after: [...waits], estimateMs: ESTIMATE[action.type] });
      ids.add(id);
      lastOf.set(node.id, id);
      return id;
    },
  };
}
