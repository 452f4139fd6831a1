import { say } from '../../core/base/say';
import type { MachineId } from '../../core/plan/step';
import { cordonNode } from '../../core/remote/cordon';
import { askServers } from '../hosts/askServers';
import { defineStep, ended } from './step';

/** A Node of the cluster, and the servers of the file that may be asked to do something about it, the first that answers. */
export interface NodeWork {
  /** As the cluster calls it, which is not always the name of its machine. */
  readonly name: string;
  readonly through: readonly MachineId[];
}

/** Keeps new pods away from a Node, and remembers in the cluster that it was us, so that {@link uncordon} leaves what others did. */
export const cordon = defineStep<NodeWork>({
  kind: 'cordon',
  phase: 'change',
  estimateMs: 500,
  says: () => ({ title: say`Cordon it, so that it gets no new pods`, doing: say`cordoning`, counted: '' }),
  subject: ({ name }) => name,
  run: async ({ name, through }, at) => {
    const cordoned = await askServers(through, cordonNode(name), at);
    if (cordoned.kind === 'done' && cordoned.value === 'foreign')
      at.progress(say`somebody else has cordoned ${name}, so it stays cordoned afterwards`);
    return ended(cordoned);
  },
});
