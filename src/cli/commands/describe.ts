import { systemClock } from '../../adapters/system/clock';
import { describedNode } from '../../engine/nodes/nodeState';
import { clusterMask } from '../../engine/secrets/clusterMask';
import type { Command } from '../command';
import { EXIT } from '../exitCodes';
import { SESSION_OPTIONS, withMachines } from '../lookSession';
import { fail, printJson, printLines } from '../output';
import { JSON_OUTPUT } from '../sharedOptions';

const OPTIONS = { json: JSON_OUTPUT, ...SESSION_OPTIONS };

export const describeCommand: Command<typeof OPTIONS> = {
  name: 'describe',
  argument: 'FILE NODE',
  summary: 'show what the cluster tells of a node: conditions, pods on it, what they have asked for',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha describe cluster.k3s.yaml server-1', does: 'as kubectl describes it' },
    { line: 'k3s-ha describe cluster.k3s.yaml agent-1 --json', does: 'the same text, for a program' },
  ],
  run: ([path, node = ''], options, signal) =>
    withMachines(path, options, signal, async ({ cluster }, session) => {
      const mask = await clusterMask(cluster, session);
      const told = await describedNode(cluster, node, { ...session, clock: systemClock, mask }, signal);
      if (signal.aborted) return EXIT.cancelled;
      if (!told.ok) return fail(told.error);
      if (options.json) printJson({ node, text: told.value });
      else printLines(told.value.trimEnd());
      return EXIT.fine;
    }),
};
