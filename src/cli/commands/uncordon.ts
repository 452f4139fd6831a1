import type { Command } from '../command';
import { makeSchedulable, SCHEDULABLE_OPTIONS } from '../schedulable';

export const uncordonCommand: Command<typeof SCHEDULABLE_OPTIONS> = {
  name: 'uncordon',
  argument: 'FILE NODE…',
  summary: 'let pods onto nodes again, whoever has cordoned them',
  options: SCHEDULABLE_OPTIONS,
  examples: [
    { line: 'k3s-ha uncordon cluster.k3s.yaml agent-1', does: 'pods come to it again' },
    { line: 'k3s-ha uncordon cluster.k3s.yaml agent-1 agent-2', does: 'two nodes' },
  ],
  run: (paths, options, signal) => makeSchedulable(paths, true, options, signal),
};
