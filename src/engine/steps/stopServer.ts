import { say } from '../../core/base/say';
import { unitOf } from '../../core/cluster/roles';
import { controlUnit } from '../../core/remote/unit';
import { defineStep, ended } from './step';

/** Stops K3s on a server that is started again by a later step. */
export const stopServer = defineStep<object>({
  kind: 'stop-server',
  phase: 'change',
  estimateMs: 3000,
  says: () => ({
    title: say`Stop k3s: the API is away until all servers are started again`,
    doing: say`stopping`,
    counted: say`stop K3s on`,
  }),
  run: async (_, at) => {
    const { id } = at.machine;
    return ended(await at.on(at.machine, controlUnit('stop', unitOf(at.node(id)), at.facts.get(id)?.init)));
  },
});
