import { say } from '../../core/base/say';
import type { StepOutcome } from '../../core/plan/step';
import { nodeHealth } from '../../core/health/nodeHealth';
import { deleteNode as remove } from '../../core/remote/deleteNode';
import { shellWord } from '../../core/remote/shell';
import { listNodes } from '../../core/remote/kubectl';
import { defineStep, stepFailed, type StepContext } from './step';

const PAUSE_MS = 1000;

/** From then on it is worth saying why it takes so long. */
const LONG_MS = 5000;

/** K3s took up to 50 s; a server that takes another one's lease over may need it twice. */
const LIMIT_MS = 150_000;

interface DeletedNode {
  /** As the cluster calls it. */
  readonly name: string;
  /** A finalizer holds the Node of a server until its etcd member has left. */
  readonly member: boolean;
}

/** Deletes the Node of a machine on which K3s does not run, and waits until it is gone: K3s takes its member out of etcd first. */
export const deleteNode = defineStep<DeletedNode>({
  kind: 'delete-node',
  phase: 'change',
  estimateMs: 10_000,
  says: ({ name, member }) => ({
    title: say`Delete the Node ${name}${member ? say`; K3s takes its member out of etcd, which can take 50 s` : ''}`,
    doing: say`deleting the Node ${name}`,
    counted: '',
  }),
  subject: ({ name }) => name,
  run: async ({ name, member }, at) => {
    const begin = at.clock.now();
    let told = '';
    for (;;) {
      const asked = await at.on(at.machine, remove(name));
      const gone = asked.kind === 'done' ? await isGone(name, at) : asked;
      if (gone === true) return { kind: 'done' };
      const since = at.clock.now() - begin;
      // Whoever cannot be asked now may be electing a leader.
      if (gone !== false && (gone.kind !== 'failed' || since > LIMIT_MS || at.signal.aborted)) return gone;
      if (since > LIMIT_MS) return notGone(name, at);
      const words =
        gone !== false
          ? say`the cluster does not answer: ${gone.problem.why ?? gone.problem.message}`
          : since < LONG_MS
            ? ''
            : member
              ? say`waiting for K3s on another server to take over the lease kube-system/k3s-etcd; that takes up to 50 s`
              : say`waiting for what holds the Node (its finalizers)`;
      if (words !== '' && words !== told) at.progress(words);
      told = words;
      try {
        await at.clock.sleep(PAUSE_MS, at.signal);
      } catch {
        return { kind: 'cancelled' };
      }
    }
  },
});

/** Whether the cluster has no such Node any more; an outcome when it cannot be asked. */
async function isGone(name: string, at: StepContext): Promise<boolean | Exclude<StepOutcome, { kind: 'done' }>> {
  const listed = await at.on(at.machine, listNodes());
  if (listed.kind !== 'done') return listed;
  const now = at.clock.now();
  return listed.value.every((item) => nodeHealth(item, now).name !== name);
}

function notGone(name: string, at: StepContext): StepOutcome {
  return stepFailed(
    'node-not-deleted',
    at.machine,
    say`The Node ${name} is still there ${LIMIT_MS / 1000} s after it was deleted`,
    {
      why: say`Something holds it: a finalizer that nobody answers, or a K3s that still runs there and registers it again.`,
      nextSteps: [
        say`See "kubectl get node ${shellWord(name)} -o yaml" (metadata.finalizers) and the journal of K3s on the servers; run again when the cause is removed.`,
      ],
    },
  );
}
