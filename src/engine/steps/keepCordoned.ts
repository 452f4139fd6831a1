import { say } from '../../core/base/say';
import { setSchedulable } from '../../core/remote/schedulable';
import { askServers } from '../hosts/askServers';
import type { NodeWork } from './cordon';
import { defineStep, ended } from './step';

/** Keeps new pods away from a Node until a person uncordons it: no run of ours does. */
export const keepCordoned = defineStep<NodeWork>({
  kind: 'keep-cordoned',
  phase: 'change',
  estimateMs: 500,
  says: () => ({ title: say`Cordon it; it stays so until you uncordon it`, doing: say`cordoning`, counted: '' }),
  subject: ({ name }) => name,
  run: async ({ name, through }, at) => ended(await askServers(through, setSchedulable(name, false), at)),
});
