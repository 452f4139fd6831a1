import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import { clusterHealth, type DeclaredNodeHealth } from '../../core/health/clusterHealth';
import { nodeHealth } from '../../core/health/nodeHealth';
import { listNodes } from '../../core/remote/kubectl';
import { nodeReports, type NodeReports } from '../../core/remote/nodeReports';
import { optionText } from '../../core/cluster/options';
import type { RemoteOutcome } from '../ports';
import { defineStep, ended, stepFailed, type StepContext } from './step';
import type { StepOutcome } from '../../core/plan/step';

const PAUSE_MS = 1000;

/** Kubelets report every ten seconds: one that did not for so long may be dead, however long Kubernetes calls it Ready. */
const SILENCE_MS = 25_000;

/** Clocks of servers and nodes that are kept differ by less. */
const CLOCKS_MS = 5000;

interface Awaited {
  readonly nodes: readonly string[];
}

/**
 * Waits until every one of these nodes is registered and Ready; with `flannel-backend: none` registered is enough. A node
 * whose machine dies stays Ready for up to 50 s, so its kubelet must have reported lately, too.
 */
export const awaitNodes = defineStep<Awaited>({
  kind: 'await-nodes',
  phase: 'wait',
  estimateMs: 10_000,
  says: ({ nodes }) => ({
    title: say`Wait until all ${nodes.length} nodes are Ready`,
    doing: say`waiting for all nodes`,
    counted: '',
  }),
  run: waitForNodes,
});

async function waitForNodes({ nodes }: Awaited, at: StepContext): Promise<StepOutcome> {
  const reporter = at.node(at.machine.id);
  const look = watchNodes(new Set(nodes), at);
  const deadline = at.clock.now() + at.startTimeoutMs;
  let told = '';
  for (;;) {
    const lacking = await look();
    if (lacking.kind === 'unknown') return ended(lacking);
    // Without connections there is nobody left to ask.
    const over = at.clock.now() > deadline;
    if (lacking.kind === 'failed' && (over || lacking.problem.code === 'remote-cancelled')) return ended(lacking);
    if (lacking.kind === 'done') {
      const words = lacking.value.join('; ');
      if (words === '') return { kind: 'done' };
      if (over) {
        return stepFailed('nodes-not-ready', reporter, say`Not all nodes became Ready: ${words}`, {
          nextSteps: [say`Look at the named nodes (kubectl describe node …); run again when the cause is removed.`],
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

/** Looks at the nodes, again and again: what is lacking, node by node. The reports are asked for when nothing else lacks. */
function watchNodes(wanted: ReadonlySet<string>, at: StepContext): () => Promise<RemoteOutcome<readonly string[]>> {
  const reporter = at.node(at.machine.id);
  const withoutNetwork = optionText(at.cluster, reporter, 'flannel-backend') === 'none';
  const hasReported = reportWatch();
  return async () => {
    const listed = await at.on(reporter, listNodes());
    if (listed.kind !== 'done') return listed;
    const now = at.clock.now();
    const health = clusterHealth(
      at.cluster,
      listed.value.map((item) => nodeHealth(item, now)),
    );
    const nodes = health.nodes.filter(({ node }) => wanted.has(node.id));
    const lacking = nodes.filter(({ state }) => (withoutNetwork ? state === 'absent' : state !== 'ready'));
    if (lacking.length > 0)
      return { kind: 'done', value: lacking.map(({ node, words }) => say`${node.id} is ${words}`) };
    const reports = await at.on(reporter, nodeReports());
    return reports.kind === 'done' ? { kind: 'done', value: hasReported(nodes, reports.value) } : reports;
  };
}

/**
 * Says of nodes that their kubelets are silent. A report carries the time of the node's own clock; where that is wrong, a
 * report counts when it follows another one, from the look before on.
 */
function reportWatch(): (nodes: readonly DeclaredNodeHealth[], reports: NodeReports) => readonly string[] {
  const seen = new Map<string, { readonly report: number; readonly after?: number }>();
  let lookedAt = 0;
  return (nodes, { now, last }) => {
    const silent = nodes.flatMap(({ node, live, words }) => {
      const says = (what: string): string[] => [say`${node.id} is ${words}, but its kubelet ${what}`];
      const report = live === undefined ? undefined : last.get(live.name);
      if (report === undefined) return says(say`has not reported yet`);
      const before = seen.get(node.id);
      const follows = before !== undefined && report > before.report;
      const known = follows ? { report, after: lookedAt } : (before ?? { report });
      seen.set(node.id, known);
      const age = now - report;
      const silence = Math.min(age < -CLOCKS_MS ? Infinity : age, now - (known.after ?? -Infinity));
      if (silence <= SILENCE_MS) return [];
      return says(
        silence === Infinity ? say`reports a time that is yet to come` : say`has not reported for ${duration(silence)}`,
      );
    });
    lookedAt = now;
    return silent;
  };
}
