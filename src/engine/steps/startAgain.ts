import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { NodeRole } from '../../core/k3s/nodeRole';
import type { MachineId, StepOutcome } from '../../core/plan/step';
import { listNodes } from '../../core/remote/kubectl';
import { unitOf } from '../../core/cluster/roles';
import { awaitUnit } from '../hosts/awaitUnit';
import { proveServer } from '../hosts/proveServer';
import { defineStep, type StepContext } from './step';

interface StartedAgain {
  readonly role: NodeRole;
  /** What the cluster calls it. */
  readonly name: string;
  /** The server that is asked whether it still knows the Node. */
  readonly through: MachineId;
  /** The step that deletes its Node: from then on there is no way back. */
  readonly until: string;
}

/**
 * The end of a removal that did not come about: K3s starts again where it was stopped, as long as its cluster still knows it.
 * One that starts after its member has left hangs for ever, so it stays stopped whenever that is not certain.
 */
export const startAgain = defineStep<StartedAgain>({
  kind: 'start-again',
  phase: 'restore',
  estimateMs: 200,
  says: ({ role }) => ({
    title: say`Start ${unitOf({ role })} again if the removal is given up before the Node is deleted`,
    doing: say`finishing the removal`,
    counted: '',
  }),
  run: async ({ name, through, until }, at) => {
    if (at.stateOf(until) === 'done' || at.stateOf(`stop-k3s:${at.machine.id}`) === 'skipped') return { kind: 'done' };
    const node = at.node(at.machine.id);
    if (!(await isKnown(at.node(through), name, at))) {
      at.progress(say`K3s stays stopped here: run the same command again to finish`);
      return { kind: 'done' };
    }
    at.progress('starting K3s again');
    const up: StepOutcome = await awaitUnit(node, 'start', at);
    return up.kind === 'done' ? proveServer(node, at) : up;
  },
});

/** Whether the cluster has the Node, and nobody has asked for it to be deleted. */
async function isKnown(server: ClusterNode, name: string, at: StepContext): Promise<boolean> {
  const listed = await at.on(server, listNodes());
  if (listed.kind !== 'done') return false;
  return listed.value.some((item) => {
    const { metadata } = item as { metadata?: { name?: unknown; deletionTimestamp?: unknown } };
    return metadata?.name === name && metadata.deletionTimestamp === undefined;
  });
}
