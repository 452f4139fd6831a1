import { applicableFile } from '../applicableFile';
import { RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { removeFrom } from '../removal';
import { CLUSTER_NAME } from '../sharedOptions';

const OPTIONS = { ...RUN_OPTIONS, name: CLUSTER_NAME };

export const removeCommand: Command<typeof OPTIONS> = {
  name: 'remove',
  argument: 'FILE NODE…',
  summary: 'take nodes out of the cluster, uninstall K3s there, and take them out of the file',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha remove cluster.k3s.yaml agent-2 --yes', does: 'an agent; its pods move first' },
    {
      line: 'k3s-ha remove cluster.k3s.yaml server-4 server-5 --name edge',
      does: 'two servers of the cluster edge, one after the other',
    },
  ],
  run: async ([path, ...nodes], options, signal) => {
    const file = await applicableFile(path, signal, 'take away');
    return typeof file === 'number' ? file : removeFrom(file, nodes, options, signal);
  },
};
