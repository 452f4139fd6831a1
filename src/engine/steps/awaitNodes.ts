import { clusterHealth } from '../../core/health/clusterHealth';
import { nodeHealth } from '../../core/health/nodeHealth';
import { listNodes } from '../../core/remote/kubectl';
import type { ClusterNode } from '../../core/cluster/cluster';
import { optionText } from '../../core/cluster/options';
import type { StepContext } from './stepContext';
import { ended, stepFailed, type StepOutcome } from './stepOutcome';

const PAUSE_MS = 1000;

/** Waits until every declared node is registered and Ready; with `flannel-backend: none` registered is enough. */
export async function awaitNodes(reporter: ClusterNode, context: StepContext): Promise<StepOutcome> {
  const { prepared, deps, signal } = context;
  const withoutNetwork = optionText(prepared.cluster, reporter, 'flannel-backend') === 'none';
  const deadline = deps.clock.now() + deps.startTimeoutMs;
  let told = '';
  for (;;) {
    const listed = await context.on(reporter, listNodes());
    if (listed.kind === 'unknown' || (listed.kind === 'failed' && deps.clock.now() > deadline)) return ended(listed);
    if (listed.kind === 'done') {
      const health = clusterHealth(
        prepared.cluster,
        listed.value.map((item) => nodeHealth(item, deps.clock.now())),
      );
      const lacking = health.nodes.filter(({ state }) => (withoutNetwork ? state === 'absent' : state !== 'ready'));
      if (lacking.length === 0) return { kind: 'done' };
      const words = lacking.map(({ node, words: state }) => `${node.id} is ${state}`).join('; ');
      if (deps.clock.now() > deadline) {
        return stepFailed('nodes-not-ready', reporter, `Not all nodes became Ready: ${words}`, {
          nextSteps: ['Look at the named nodes (kubectl describe node …); run again when the cause is removed.'],
        });
      }
      if (words !== told) context.progress(words);
      told = words;
    }
    try {
      await deps.clock.sleep(PAUSE_MS, signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}
