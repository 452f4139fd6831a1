import { listed } from '../../core/base/words';
import { nodesOf } from '../../core/cluster/roles';
import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { carryOutFile, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { forgetNodes, forgettable } from '../forgetNodes';
import { text } from '../option';
import { paint, tell } from '../output';

const OPTIONS = {
  ...RUN_OPTIONS,
  name: text({ value: 'NAME', help: 'the name of the cluster, instead of typing it' }),
};

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
  run: ([path, ...nodes], { name, ...options }, signal) => remove(path, nodes, name, options, signal),
};

async function remove(
  path: string,
  wanted: readonly string[],
  name: string | undefined,
  options: Parameters<typeof carryOutFile>[2],
  signal: AbortSignal,
): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const nodes = [...new Set(wanted)];
  const refusal = forgettable(file, nodes);
  if (refusal !== undefined) {
    tell(paint('red', refusal));
    return EXIT.usage;
  }
  const done = await carryOutFile(
    file,
    {
      operation: operationById('remove-node'),
      intent: { nodes },
      done: (_, seconds) => `Done: ${listed(nodes)} left the cluster within ${seconds} s.`,
    },
    { ...options, name },
    signal,
  );
  const declared = nodes.filter((id) => nodesOf(file.cluster).some((node) => node.id === id));
  return done === EXIT.fine ? forgetNodes(path, declared, signal) : done;
}
