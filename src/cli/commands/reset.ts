import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { carryOutFile, NAMED_RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';

export const resetCommand: Command<typeof NAMED_RUN_OPTIONS> = {
  name: 'reset',
  argument: 'FILE',
  summary: 'take K3s and the load balancer off all machines of the file',
  options: NAMED_RUN_OPTIONS,
  examples: [
    { line: 'k3s-ha reset cluster.k3s.yaml', does: 'show what would go, and ask for the name of the cluster' },
    { line: 'k3s-ha reset cluster.k3s.yaml --name edge', does: 'without a terminal' },
  ],
  run: async ([path], options, signal) => {
    const file = await applicableFile(path, signal, 'take away');
    if (typeof file === 'number') return file;
    const deed = {
      operation: operationById('reset-cluster'),
      intent: {},
      done: (_: unknown, seconds: string) =>
        `Done: nothing of ${file.cluster.name} is left on its machines, after ${seconds} s. "kubectl config delete-context" takes it out of your kubeconfig.`,
    };
    return carryOutFile(file, deed, options, signal);
  },
};
