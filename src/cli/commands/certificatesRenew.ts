import { listed } from '../../core/base/words';
import { machinesWith } from '../../core/plan/plan';
import { operationById } from '../../engine/operations/registry';
import { carryOut, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { EXIT } from '../exitCodes';
import { renewKubeconfig } from '../renewKubeconfig';

export const certificatesRenewCommand: Command<typeof RUN_OPTIONS> = {
  name: 'certificates renew',
  argument: 'FILE [NODE…]',
  summary: 'give nodes, or all, new certificates: the servers one after another, then the agents',
  options: RUN_OPTIONS,
  examples: [
    { line: 'k3s-ha certificates renew cluster.k3s.yaml', does: 'every node whose certificates are not of today' },
    {
      line: 'k3s-ha certificates renew cluster.k3s.yaml agent-1',
      does: 'one node, however young its certificates are',
    },
  ],
  run: async ([path, ...nodes], options, signal) => {
    const code = await carryOut(
      path,
      {
        operation: operationById('renew-certificates'),
        intent: { nodes },
        done: ({ steps }, seconds) => {
          const renewed = machinesWith(steps, 'renew-certificates');
          return renewed.length === 0
            ? 'No certificates were left to renew.'
            : `Done: ${listed(renewed)} ${renewed.length === 1 ? 'has' : 'have'} new certificates after ${seconds} s.`;
        },
      },
      options,
      signal,
    );
    const { 'allow-secrets': allowed, verbose, json } = options;
    if (code === EXIT.fine && !json) await renewKubeconfig(path, { allowed, verbose }, signal);
    return code;
  },
};
