import { say } from '../../core/base/say';
import { endReboot as command } from '../../core/remote/reboot';
import { defineStep, ended } from './step';

/** Forgets that a machine was being rebooted, when everything that belongs to it is done. */
export const endReboot = defineStep<Record<never, never>>({
  kind: 'end-reboot',
  phase: 'restore',
  estimateMs: 300,
  says: () => ({ title: say`The reboot is over: nothing of it is left to do`, doing: say`finishing`, counted: '' }),
  run: async (_, at) => ended(await at.on(at.machine, command())),
});
