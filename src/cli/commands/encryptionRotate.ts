import { operationById } from '../../engine/operations/registry';
import { carryOut, NAMED_RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';

export const encryptionRotateCommand: Command<typeof NAMED_RUN_OPTIONS> = {
  name: 'encryption rotate',
  argument: 'FILE',
  summary: 'encrypt every Secret with a new key, and give it to the servers one after another',
  options: NAMED_RUN_OPTIONS,
  examples: [
    { line: 'k3s-ha encryption rotate cluster.k3s.yaml', does: 'after a snapshot that is saved and proved first' },
    { line: 'k3s-ha encryption rotate cluster.k3s.yaml --name edge', does: 'without a terminal' },
  ],
  run: ([path], options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('rotate-encryption-keys'),
        intent: {},
        done: ({ clusterName }, seconds) => `Done: every server of ${clusterName} has the new key after ${seconds} s.`,
      },
      options,
      signal,
    ),
};
