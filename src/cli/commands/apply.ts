import { operationById } from '../../engine/operations/registry';
import { carryOut, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';

export const applyCommand: Command<typeof RUN_OPTIONS> = {
  name: 'apply',
  argument: 'FILE',
  summary: 'plan, ask, and carry it out',
  options: RUN_OPTIONS,
  examples: [
    { line: 'k3s-ha apply cluster.k3s.yaml', does: 'show the plan, ask, carry it out' },
    {
      line: 'k3s-ha apply cluster.k3s.yaml --yes --allow-secrets edge-token=10.0.0.11,10.0.0.12,10.0.0.13',
      does: 'in a pipeline, where nobody answers questions',
    },
  ],
  run: ([path], options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('provision'),
        intent: {},
        done: ({ machines }, seconds) => `Done: ${machines.length} nodes Ready after ${seconds} s.`,
      },
      options,
      signal,
    ),
};
