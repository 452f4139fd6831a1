import { operationById } from '../../engine/operations/registry';
import { carryOut, NAMED_RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';

export const tokenRotateCommand: Command<typeof NAMED_RUN_OPTIONS> = {
  name: 'token rotate',
  argument: 'FILE',
  summary: 'take a running cluster from its present token to the one of the file',
  options: NAMED_RUN_OPTIONS,
  examples: [
    { line: 'k3s-ha token rotate cluster.k3s.yaml', does: 'after a new token was put where the file takes it from' },
    { line: 'k3s-ha token rotate cluster.k3s.yaml --name edge', does: 'without a terminal' },
  ],
  run: ([path], options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('rotate-token'),
        intent: {},
        done: ({ clusterName }, seconds) => `Done: ${clusterName} runs with its new token after ${seconds} s.`,
      },
      options,
      signal,
    ),
};
