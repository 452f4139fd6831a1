import { say } from '../../core/base/say';
import { haltServer as halt } from '../../core/remote/haltServer';
import { defineStep, ended } from './step';

/** Stops K3s on a server for a restore, proves that it is stopped, and keeps it from starting with the machine. */
export const haltServer = defineStep<{ readonly id: string; readonly from: string; readonly snapshot: string }>({
  kind: 'halt-server',
  phase: 'change',
  estimateMs: 2000,
  says: () => ({
    title: say`Stop k3s and prove that it is stopped; the API goes away`,
    doing: say`stopping`,
    counted: say`stop K3s on`,
  }),
  run: async ({ id, from, snapshot }, at) => ended(await at.on(at.machine, halt(id, from, snapshot))),
});
