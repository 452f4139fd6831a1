import { say } from '../../core/base/say';
import { count, listed } from '../../core/base/words';
import { nodeHealth } from '../../core/health/nodeHealth';
import { forgetNodes as forget } from '../../core/remote/forgetNodes';
import { listNodes } from '../../core/remote/kubectl';
import { untilNothingLacks } from '../hosts/untilNothingLacks';
import type { StepOutcome } from '../../core/plan/step';
import { defineStep, ended, stepFailed, type StepContext } from './step';

interface Kept {
  /** Name of the server that is asked. */
  readonly own: string;
  /** Names of the nodes whose machines are here. */
  readonly keep: readonly string[];
}

/** Deletes the Nodes that came out of a snapshot and whose machines are not here, with the passwords of these machines. */
export const forgetNodes = defineStep<Kept>({
  kind: 'forget-nodes',
  phase: 'change',
  estimateMs: 5000,
  says: ({ keep }) => ({
    title: say`Delete the Nodes and node passwords of all machines of then but ${listed(keep)}`,
    doing: say`forgetting the former machines`,
    counted: '',
  }),
  run: (kept, at) =>
    untilNothingLacks(
      at,
      () => forgotten(kept, at),
      (why) =>
        stepFailed('nodes-not-forgotten', at.machine, say`Nodes of former machines are still in the cluster`, {
          why,
          nextSteps: [say`See what holds them (kubectl get node … -o yaml, metadata.finalizers), then run again.`],
        }),
    ),
});

async function forgotten({ own, keep }: Kept, at: StepContext): Promise<string | StepOutcome> {
  const nodes = await at.on(at.machine, listNodes());
  if (nodes.kind !== 'done') return nodes.kind === 'unknown' ? ended(nodes) : words(nodes.problem);
  const now = at.clock.now();
  const names = nodes.value.map((item) => nodeHealth(item, now).name).filter((name) => !keep.includes(name));
  const asked = await at.on(at.machine, forget(own, names));
  if (asked.kind !== 'done') return asked.kind === 'unknown' ? ended(asked) : words(asked.problem);
  return names.length === 0
    ? { kind: 'done' }
    : say`${count(names.length, 'Node')} of former machines: ${listed(names)}`;
}

function words({ message, why }: { readonly message: string; readonly why?: string }): string {
  return why ?? message;
}
