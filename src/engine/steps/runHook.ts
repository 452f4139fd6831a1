import { say } from '../../core/base/say';
import { hookMoment, hookTimeLimit } from '../../core/cluster/hooks';
import type { Hook } from '../../core/cluster/cluster';
import { runHook as runOnHost } from '../../core/remote/runHook';
import { defineStep, ended } from './step';

/** Which hook runs; the sha256 is part of it, so that another script is another plan. */
export interface HookInput extends Pick<Hook, 'side' | 'event' | 'run' | 'on' | 'timeoutMs'> {
  /** Place in the list of the cluster file, from 1. */
  readonly number: number;
  readonly sha256: string;
}

/** Runs a script of the cluster file around the change of a machine, on that machine or on this one. */
export const runHook = defineStep<HookInput>({
  kind: 'run-hook',
  phase: 'change',
  estimateMs: 2_000,
  says: ({ run, on, side, event, sha256, timeoutMs }) => ({
    title: say`Run ${run} (sha256 ${sha256.slice(0, 12)}) ${on === 'here' ? say`on this computer` : say`there`}, ${hookMoment({ side, event })}, at most ${hookTimeLimit(timeoutMs)}`,
    doing: say`running ${run}`,
    counted: say`run hooks for`,
  }),
  subject: ({ number }) => String(number),
  run: async ({ number, sha256 }, at) => {
    const { id } = at.machine;
    const hook = at.content(id).hooks.find((one) => one.number === number && one.input.sha256 === sha256);
    if (hook === undefined) throw new Error(`the plan runs hook ${number}, which nobody wants`);
    const { run: name, input, env, timeoutMs } = hook;
    if (hook.on === 'host')
      return ended(await at.on(at.machine, runOnHost({ name, input, env, timeoutMs }, at.secrets)));
    return at.here({ name, input, env, timeoutMs });
  },
});
