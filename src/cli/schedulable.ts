import { systemClock } from '../adapters/system/clock';
import { setNodeSchedulable } from '../engine/nodes/nodeState';
import { EXIT, type ExitCode } from './exitCodes';
import { SESSION_OPTIONS, withMachines } from './lookSession';
import type { ValuesOf } from './option';
import { fail, printJson, tell } from './output';
import { JSON_OUTPUT } from './sharedOptions';

/** The options of `cordon` and `uncordon`. */
export const SCHEDULABLE_OPTIONS = { json: JSON_OUTPUT, ...SESSION_OPTIONS };

/** Cordons or uncordons nodes, one after another. */
export function makeSchedulable(
  [path, ...nodes]: readonly [string, ...string[]],
  on: boolean,
  options: ValuesOf<typeof SCHEDULABLE_OPTIONS>,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withMachines(path, options, signal, async ({ cluster }, { hosts }) => {
    for (const node of nodes) {
      const set = await setNodeSchedulable(cluster, node, on, { hosts, clock: systemClock }, signal);
      if (signal.aborted) return EXIT.cancelled;
      if (!set.ok) return fail(set.error);
      if (options.json) printJson({ node, schedulable: on, before: set.value.before });
      else if (on) tell(set.value.before ? `${node} took pods already.` : `${node} takes pods again.`);
      else
        tell(set.value.before ? `${node} gets no new pods; what runs there stays.` : `${node} was cordoned already.`);
    }
    return EXIT.fine;
  });
}
