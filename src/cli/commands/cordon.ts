import type { Command } from '../command';
import { makeSchedulable, SCHEDULABLE_OPTIONS } from '../schedulable';

export const cordonCommand: Command<typeof SCHEDULABLE_OPTIONS> = {
  name: 'cordon',
  argument: 'FILE NODE…',
  summary: 'keep new pods away from nodes; what runs there stays',
  options: SCHEDULABLE_OPTIONS,
  examples: [
    { line: 'k3s-ha cordon cluster.k3s.yaml agent-1', does: 'no new pods come to one node, until it is uncordoned' },
    { line: 'k3s-ha cordon cluster.k3s.yaml agent-1 agent-2 --json', does: 'two nodes, for a program' },
  ],
  run: (paths, options, signal) => makeSchedulable(paths, false, options, signal),
};
