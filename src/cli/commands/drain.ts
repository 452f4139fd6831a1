import { ok } from '../../core/base/result';
import { listed } from '../../core/base/words';
import { machinesWith } from '../../core/plan/plan';
import type { DrainIntent } from '../../engine/operations/drain';
import { operationById } from '../../engine/operations/registry';
import { carryOut, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { positive, type Option } from '../option';

const SECONDS = positive({ value: 'S', preset: '1', of: 'a number of seconds', help: '' });

const DRAIN_TIMEOUT: Option<number | undefined> = {
  value: 'S',
  help: 'seconds that the pods of a node may take to leave (k3s.upgrade.drainTimeout, or 300)',
  read: (written, option) => (written.length === 0 ? ok(undefined) : SECONDS.read(written, option)),
};

const OPTIONS = { ...RUN_OPTIONS, 'drain-timeout': DRAIN_TIMEOUT };

export const drainCommand: Command<typeof OPTIONS> = {
  name: 'drain',
  argument: 'FILE NODE…',
  summary: 'move the pods of nodes elsewhere, keeping disruption budgets; they stay cordoned',
  options: OPTIONS,
  examples: [
    {
      line: 'k3s-ha drain cluster.k3s.yaml agent-1',
      does: 'says which pods move and which a budget keeps, asks, and moves them',
    },
    { line: 'k3s-ha drain cluster.k3s.yaml agent-1 --drain-timeout 900 --yes', does: 'with more time, unattended' },
  ],
  run: ([path, ...nodes], { 'drain-timeout': seconds, ...options }, signal) =>
    carryOut(
      path,
      {
        operation: operationById('drain'),
        intent: { nodes, ...(seconds === undefined ? {} : { timeoutMs: seconds * 1000 }) } satisfies DrainIntent,
        done: ({ steps }, took) => {
          const drained = machinesWith(steps, 'drain');
          return drained.length === 0
            ? 'Nothing was left to drain.'
            : `Done: ${listed(drained)} ${drained.length === 1 ? 'was' : 'were'} drained within ${took} s. "k3s-ha uncordon" lets pods onto ${drained.length === 1 ? 'it' : 'them'} again.`;
        },
      },
      options,
      signal,
    ),
};
