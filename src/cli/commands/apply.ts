import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { carryOutFile, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { EXIT } from '../exitCodes';
import { flag } from '../option';
import { prune } from '../removal';
import { CLUSTER_NAME } from '../sharedOptions';

const OPTIONS = {
  ...RUN_OPTIONS,
  prune: flag({ help: 'afterwards remove the nodes of the cluster that the file does not name' }),
  name: CLUSTER_NAME,
};

export const applyCommand: Command<typeof OPTIONS> = {
  name: 'apply',
  argument: 'FILE',
  summary: 'plan, ask, and carry it out',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha apply cluster.k3s.yaml', does: 'show the plan, ask, carry it out' },
    {
      line: 'k3s-ha apply cluster.k3s.yaml --yes --allow-secrets edge-token=10.0.0.11,10.0.0.12,10.0.0.13',
      does: 'in a pipeline, where nobody answers questions',
    },
  ],
  run: async ([path], options, signal) => {
    const file = await applicableFile(path, signal);
    if (typeof file === 'number') return file;
    const done = await carryOutFile(
      file,
      {
        operation: operationById('provision'),
        intent: {},
        done: ({ machines }, seconds) => `Done: ${machines.length} nodes Ready after ${seconds} s.`,
      },
      options,
      signal,
    );
    return options.prune && done === EXIT.fine ? prune(file, options, signal) : done;
  },
};
