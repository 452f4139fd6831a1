import type { Plan } from '../../core/plan/plan';
import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { carryOutFile, NAMED_RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { forgetKubeconfig } from '../forgetKubeconfig';
import { keepWish, keptWords } from '../keepWish';
import { flag } from '../option';
import { KEEP_SNAPSHOT } from '../sharedOptions';

const OPTIONS = {
  ...NAMED_RUN_OPTIONS,
  'keep-snapshot': KEEP_SNAPSHOT,
  'forget-kubeconfig': flag({
    help: 'afterwards take the access to this cluster out of your kubeconfig, and nothing of any other one',
  }),
};

export const resetCommand: Command<typeof OPTIONS> = {
  name: 'reset',
  argument: 'FILE',
  summary: 'take K3s and the load balancer off all machines of the file',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha reset cluster.k3s.yaml', does: 'show what would go, and ask for the name of the cluster' },
    {
      line: 'k3s-ha reset cluster.k3s.yaml --keep-snapshot ~/backup --forget-kubeconfig',
      does: 'with a last snapshot on this computer before anything goes, and without access to what is gone',
    },
    { line: 'k3s-ha reset cluster.k3s.yaml --name edge', does: 'without a terminal' },
  ],
  run: async ([path], options, signal) => {
    const file = await applicableFile(path, signal, 'take away');
    if (typeof file === 'number') return file;
    const forgets = options['forget-kubeconfig'];
    const deed = {
      operation: operationById('reset-cluster'),
      intent: { ...keepWish(options), ...(forgets ? { forget: true } : {}) },
      done: ({ steps }: Plan, seconds: string) =>
        `Done: nothing of ${file.cluster.name} is left on its machines, after ${seconds} s.${keptWords(steps)}${forgets ? '' : ' "--forget-kubeconfig" or "kubectl config delete-context" takes it out of your kubeconfig.'}`,
    };
    return carryOutFile(file, forgets ? { ...deed, succeeded: forgetKubeconfig } : deed, options, signal);
  },
};
