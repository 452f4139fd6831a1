import { unitOf } from '../../core/cluster/roles';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { awaitUnit } from '../hosts/awaitUnit';
import { pinToken } from '../hosts/pinToken';
import { proveServer } from '../hosts/proveServer';
import { defineStep } from './step';

/** Starts K3s on a machine where it does not run. */
export const start = defineStep<{ readonly role: NodeRole }>({
  kind: 'start',
  phase: 'change',
  estimateMs: 20_000,
  says: ({ role }) => ({
    title: `Start ${unitOf({ role })} and wait until it is ready`,
    doing: 'starting',
    counted: 'start K3s on',
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const pinned = await pinToken(node, at);
    if (pinned.kind !== 'done') return pinned;
    const up = await awaitUnit(node, 'start', at);
    return up.kind === 'done' ? proveServer(node, at) : up;
  },
});
