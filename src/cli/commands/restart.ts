import { listed } from '../../core/base/words';
import { machinesWith } from '../../core/plan/plan';
import { operationById } from '../../engine/operations/registry';
import { carryOut, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';

export const restartCommand: Command<typeof RUN_OPTIONS> = {
  name: 'restart',
  argument: 'FILE [NODE…]',
  summary: 'restart K3s on nodes, or on all, one server after another',
  options: RUN_OPTIONS,
  examples: [
    { line: 'k3s-ha restart cluster.k3s.yaml', does: 'all servers one after another, then the agents' },
    { line: 'k3s-ha restart cluster.k3s.yaml server-2 agent-1', does: 'two nodes' },
  ],
  run: ([path, ...nodes], options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('restart'),
        intent: { nodes },
        done: ({ steps }, seconds) => {
          const restarted = machinesWith(steps, 'restart');
          return restarted.length === 0
            ? 'Nothing was left to restart.'
            : `Done: K3s was restarted on ${listed(restarted)} within ${seconds} s.`;
        },
      },
      options,
      signal,
    ),
};
