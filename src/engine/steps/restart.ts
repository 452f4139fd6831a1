import { say } from '../../core/base/say';
import { unitOf } from '../../core/cluster/roles';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { awaitUnit } from '../hosts/awaitUnit';
import { proveServer } from '../hosts/proveServer';
import { defineStep } from './step';

/** Restarts a running K3s and proves that it is back: a new run of the unit, ready as its kind is. */
export const restart = defineStep<{ readonly role: NodeRole; readonly alone: boolean }>({
  kind: 'restart',
  phase: 'change',
  estimateMs: 20_000,
  says: ({ role, alone }) => ({
    title: `Restart ${unitOf({ role })}${role === 'agent' ? '' : alone ? say`, the only server: the API is away meanwhile` : say` while the other servers keep the cluster up`}`,
    doing: say`restarting`,
    counted: say`restart K3s on`,
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const up = await awaitUnit(node, 'restart', at);
    return up.kind === 'done' ? proveServer(node, at) : up;
  },
});
