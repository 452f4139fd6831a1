import { say } from '../../core/base/say';
import type { MachineId } from '../../core/plan/step';
import { awaitMembers } from './awaitMembers';
import { awaitNodes } from './awaitNodes';
import { defineStep } from './step';

interface Whole {
  /** Nothing more is taken away before this one is proved to be back. */
  readonly part: string;
  readonly nodes: readonly MachineId[];
  readonly members: readonly MachineId[];
}

/** Waits until a cluster is as it was before a part was taken away: every node Ready and reporting, every member of etcd there. */
export const proveWhole = defineStep<Whole>({
  kind: 'prove-whole',
  phase: 'wait',
  estimateMs: 15_000,
  subject: ({ part }) => part,
  says: ({ nodes }) => ({
    title: say`Wait until all ${nodes.length} nodes are Ready again, and etcd has all its members`,
    doing: say`waiting until all is well`,
    counted: '',
  }),
  run: async ({ nodes, members }, at) => {
    const ready = await awaitNodes.run({ nodes }, at);
    return ready.kind !== 'done' || members.length === 0 ? ready : awaitMembers.run({ gone: [], members }, at);
  },
});
