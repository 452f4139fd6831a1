import { nodeHealth, type NodeHealth } from '../core/health/nodeHealth';
import { listNodes } from '../core/k3s/remote/kubectl';
import type { HostFacts } from '../core/k3s/remote/probe';
import type { ClusterNode } from '../core/spec/cluster';
import type { StepOutcome } from './apply';
import { ended, stepFailed, type StepContext } from './steps';

const PAUSE_MS = 1000;

/** Waits until every declared node is registered and Ready; with `flannel-backend: none` registered is enough. */
export async function awaitNodes(reporter: ClusterNode, context: StepContext): Promise<StepOutcome> {
  const { prepared, deps, signal } = context;
  const nodes = prepared.plan.nodes;
  const withoutNetwork = reporter.config['flannel-backend'] === 'none';
  const deadline = deps.clock.now() + deps.startTimeoutMs;
  let told = '';
  for (;;) {
    const listed = await context.on(reporter, listNodes());
    if (listed.kind === 'unknown' || (listed.kind === 'failed' && deps.clock.now() > deadline)) return ended(listed);
    if (listed.kind === 'done') {
      const health = listed.value.map((item) => nodeHealth(item, deps.clock.now()));
      const missing = nodes.flatMap((node) => lacking(node, health, prepared.facts.get(node.id), withoutNetwork));
      if (missing.length === 0) return { kind: 'done' };
      const words = missing.join('; ');
      if (deps.clock.now() > deadline) {
        return stepFailed('nodes-not-ready', reporter, `Not all nodes became Ready: ${words}`, { nextSteps: ['Look at the named nodes (kubectl describe node …); run again when the cause is removed.'] });
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

function lacking(node: ClusterNode, health: readonly NodeHealth[], facts: HostFacts | undefined, withoutNetwork: boolean): string[] {
  const seen = health.find((candidate) => matchesNode(candidate, node, facts));
  if (seen === undefined) return [`${node.id} has not registered yet`];
  return seen.ready === 'ready' || withoutNetwork ? [] : [`${node.id} is ${seen.reason}`];
}

/** A live node is the declared one when the name agrees, or else the address or the host name. */
export function matchesNode(live: NodeHealth, node: ClusterNode, facts: HostFacts | undefined): boolean {
  if (node.name !== undefined) return live.name === node.name || live.name.startsWith(`${node.name}-`);
  return live.internalIp === node.address || (facts !== undefined && (live.name === facts.hostname.toLowerCase() || facts.addresses.includes(live.internalIp ?? '')));
}
