import { declaredNode } from '../../engine/nodes/findNode';
import { followJournal } from '../../engine/nodes/followJournal';
import { clusterMask } from '../../engine/secrets/clusterMask';
import type { Command } from '../command';
import { EXIT } from '../exitCodes';
import { SESSION_OPTIONS, withMachines } from '../lookSession';
import { flag, positive } from '../option';
import { fail, printLines } from '../output';

const OPTIONS = {
  follow: flag({ short: 'f', help: 'go on with what K3s writes from now on, until Ctrl-C' }),
  lines: positive({
    value: 'N',
    preset: '200',
    of: 'a whole number of at least 1',
    whole: true,
    help: 'last lines to begin with',
  }),
  ...SESSION_OPTIONS,
};

export const logsCommand: Command<typeof OPTIONS> = {
  name: 'logs',
  argument: 'FILE NODE',
  summary: 'show what K3s writes on a machine, without secrets',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha logs cluster.k3s.yaml server-1 --follow', does: 'the last lines, and what comes' },
    { line: 'k3s-ha logs cluster.k3s.yaml agent-1 --lines 5000', does: 'more of them' },
  ],
  run: ([path, id = ''], { follow, lines, ...options }, signal) =>
    withMachines(path, options, signal, async ({ cluster }, session) => {
      const node = declaredNode(cluster, id);
      if (!node.ok) return fail(node.error, EXIT.usage);
      const mask = await clusterMask(cluster, session);
      const onLines = (some: readonly string[]): void => printLines(some.join('\n'));
      const read = await followJournal(node.value, { lines, follow, onLines, signal }, { ...session, mask });
      return read.ok ? (signal.aborted && !follow ? EXIT.cancelled : EXIT.fine) : fail(read.error);
    }),
};
