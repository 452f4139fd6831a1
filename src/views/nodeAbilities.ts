import { oncePer } from '../core/base/remember';
import type { HostDrift } from '../core/health/hostDrift';
import type { NodeHealth } from '../core/health/nodeHealth';

/** What of a node's state the menus of explorer and diagram ask, in words for `when` clauses; empty where nothing is known. */
export function nodeAbilities(seen: NodeHealth | undefined, drifted: boolean): string {
  const state = seen === undefined ? [] : [seen.ready, seen.schedulable ? 'open' : 'cordoned'];
  return [...state, ...(drifted ? ['drifted'] : [])].join(' ');
}

/** The machines that are not as the file says, by a look at them. */
export const driftedOf = oncePer(
  ({ machines }: HostDrift): ReadonlySet<string> =>
    new Set(machines.flatMap(({ id, differences }) => (differences.length > 0 ? [id] : []))),
);

/** Before anybody has looked. */
export const NO_HOST_DRIFT: HostDrift = { machines: [], unseen: [], strangers: [], problems: [] };
