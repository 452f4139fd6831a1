import { keepWish, keptWords } from '../keepWish';
import { operationById } from '../../engine/operations/registry';
import { carryOut, NAMED_RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { KEEP_SNAPSHOT } from '../sharedOptions';

const OPTIONS = { ...NAMED_RUN_OPTIONS, 'keep-snapshot': KEEP_SNAPSHOT };

export const encryptionRotateCommand: Command<typeof OPTIONS> = {
  name: 'encryption rotate',
  argument: 'FILE',
  summary: 'encrypt every Secret with a new key, and give it to the servers one after another',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha encryption rotate cluster.k3s.yaml', does: 'after a snapshot that is saved and proved first' },
    {
      line: 'k3s-ha encryption rotate cluster.k3s.yaml --keep-snapshot ~/backup',
      does: 'with that snapshot on this computer, too, before the first key changes',
    },
    { line: 'k3s-ha encryption rotate cluster.k3s.yaml --name edge', does: 'without a terminal' },
  ],
  run: ([path], options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('rotate-encryption-keys'),
        intent: keepWish(options),
        done: ({ clusterName, steps }, seconds) =>
          `Done: every server of ${clusterName} has the new key after ${seconds} s.${keptWords(steps)}`,
      },
      options,
      signal,
    ),
};
