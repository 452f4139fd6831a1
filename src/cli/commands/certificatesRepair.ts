import { operationById } from '../../engine/operations/registry';
import { carryOut, NAMED_RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';

export const certificatesRepairCommand: Command<typeof NAMED_RUN_OPTIONS> = {
  name: 'certificates repair',
  argument: 'FILE',
  summary: 'give the certificate of the API the wanted names: one restart for a missing one, an outage to drop one',
  options: NAMED_RUN_OPTIONS,
  examples: [
    {
      line: 'k3s-ha certificates repair cluster.k3s.yaml',
      does: 'shows what it costs, and asks for the name of the cluster',
    },
    { line: 'k3s-ha certificates repair cluster.k3s.yaml --name edge', does: 'without a terminal' },
  ],
  run: ([path], options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('repair-certificate-names'),
        intent: {},
        done: ({ clusterName }, seconds) =>
          `Done: the certificate of ${clusterName} has the wanted names after ${seconds} s.`,
      },
      options,
      signal,
    ),
};
