import { listed } from '../../core/base/words';
import { machinesWith } from '../../core/plan/plan';
import type { RebootIntent } from '../../engine/operations/reboot';
import { operationById } from '../../engine/operations/registry';
import { carryOut, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { flag } from '../option';

const OPTIONS = { ...RUN_OPTIONS, 'no-drain': flag({ help: 'leave pods where they are; they end with the machine' }) };

export const rebootCommand: Command<typeof OPTIONS> = {
  name: 'reboot',
  argument: 'FILE NODE…',
  summary:
    'reboot machines one after another, drained and out of the load balancer, while the others keep the cluster up',
  options: OPTIONS,
  examples: [
    {
      line: 'k3s-ha reboot cluster.k3s.yaml server-2',
      does: 'one machine; the same command finishes it when it is cut off',
    },
    {
      line: 'k3s-ha reboot cluster.k3s.yaml agent-1 agent-2 --yes',
      does: 'two machines, the second when the first is Ready again',
    },
  ],
  run: ([path, ...nodes], { 'no-drain': keepPods, ...options }, signal) =>
    carryOut(
      path,
      {
        operation: operationById('reboot'),
        intent: { nodes, keepPods } satisfies RebootIntent,
        done: ({ steps }, seconds) => {
          const rebooted = machinesWith(steps, 'reboot');
          return rebooted.length === 0
            ? 'Nothing was left to reboot.'
            : `Done: ${listed(rebooted)} ${rebooted.length === 1 ? 'is' : 'are'} back after ${seconds} s.`;
        },
      },
      options,
      signal,
    ),
};
