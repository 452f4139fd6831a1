import { clusterHealth } from '../../core/health/clusterHealth';
import { nodeHealth } from '../../core/health/nodeHealth';
import { listNodes } from '../../core/remote/kubectl';
import { optionText } from '../../core/cluster/options';
import { defineStep, ended, stepFailed, type StepContext } from './step';
import type { StepOutcome } from '../../core/plan/step';

const PAUSE_MS = 1000;

/** Waits until every one of these nodes is registered and Ready; with `flannel-backend: none` registered is enough. */
export const awaitNodes = defineStep<{ readonly nodes: readonly string[] }>({
  kind: 'await-nodes',
  phase: 'wait',
  estimateMs: 10_000,
  says: ({ nodes }) => ({
    title: `Wait until all ${nodes.length} nodes are Ready`,
    doing: 'waiting for all nodes',
    counted: '',
  }),
  run: waitForNodes,
});

async function waitForNodes({ nodes }: { readonly nodes: readonly string[] }, at: StepContext): Promise<StepOutcome> {
  const reporter = at.node(at.machine.id);
  const wanted = new Set(nodes);
  const withoutNetwork = optionText(at.cluster, reporter, 'flannel-backend') === 'none';
  const deadline = at.clock.now() + at.startTimeoutMs;
  let told = '';
  for (;;) {
    const listed = await at.on(reporter, listNodes());
    if (listed.kind === 'unknown') return ended(listed);
    // Without connections there is nobody left to ask.
    const over = at.clock.now() > deadline || (listed.kind === 'failed' && listed.problem.code === 'remote-cancelled');
    if (listed.kind === 'failed' && over) return ended(listed);
    if (listed.kind === 'done') {
      const health = clusterHealth(
        at.cluster,
        listed.value.map((item) => nodeHealth(item, at.clock.now())),
      );
      const lacking = health.nodes
        .filter(({ node }) => wanted.has(node.id))
        .filter(({ state }) => (withoutNetwork ? state === 'absent' : state !== 'ready'));
      if (lacking.length === 0) return { kind: 'done' };
      const words = lacking.map(({ node, words: state }) => `${node.id} is ${state}`).join('; ');
      if (at.clock.now() > deadline) {
        return stepFailed('nodes-not-ready', reporter, `Not all nodes became Ready: ${words}`, {
          nextSteps: ['Look at the named nodes (kubectl describe node …); run again when the cause is removed.'],
        });
      }
      if (words !== told) at.progress(words);
      told = words;
    }
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}
