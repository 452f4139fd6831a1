import { declaredMachine } from '../../engine/nodes/findNode';
import { target } from '../../engine/hosts/targets';
import type { Command } from '../command';
import { EXIT } from '../exitCodes';
import { SESSION_OPTIONS, withMachines } from '../lookSession';
import { fail, passOn } from '../output';
import { atTerminal, terminalSize } from '../shellTerminal';

export const shellCommand: Command<typeof SESSION_OPTIONS> = {
  name: 'shell',
  argument: 'FILE NODE',
  summary: 'open a shell on a machine, over the SSH connection that everything else uses',
  options: SESSION_OPTIONS,
  examples: [
    { line: 'k3s-ha shell cluster.k3s.yaml server-1', does: 'as the user of ssh, through the jump hosts of the file' },
    { line: 'k3s-ha shell cluster.k3s.yaml agent-1 --verbose', does: 'and how it is reached' },
  ],
  run: ([path, id = ''], options, signal) =>
    withMachines(path, options, signal, async ({ cluster }, { hosts }) => {
      const node = declaredMachine(cluster, id);
      if (!node.ok) return fail(node.error, EXIT.usage);
      const opened = await hosts.openShell(target(node.value), { size: terminalSize(), onData: passOn, signal });
      if (!opened.ok) return fail(opened.error);
      const end = await atTerminal(opened.value, signal);
      return end.kind === 'lost' ? fail(end.problem) : EXIT.fine;
    }),
};
