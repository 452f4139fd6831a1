import type { Finding } from '../rules/rule';
import type { Cluster } from '../spec/cluster';
import { buildGraph } from './graph';
import { layoutGraph } from './layout';
import type { PartStatus, RunState, TopologyAction, TopologySnapshot } from './model';
import { overlayStatus, type NodeStatus } from './status';
import { survives } from './survival';
import { singlePointsOfFailure, verdict } from './verdict';

export interface SnapshotInput {
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
  readonly statuses: readonly NodeStatus[];
  /** Ids of parts that the user lets fail; unknown ones are dropped. */
  readonly chosen: readonly string[];
  /** Ids of agent groups to show in full. */
  readonly expanded: readonly string[];
  readonly revision: number;
  /** URI of the cluster file. */
  readonly file: string;
  readonly title: string;
  readonly simulated: boolean;
  readonly run: RunState;
  readonly actions: readonly TopologyAction[];
}

/** Everything the diagram needs, limited to the parts that it draws. */
export function topologySnapshot(input: SnapshotInput): TopologySnapshot {
  const { cluster } = input;
  const whole = buildGraph(cluster, input.findings);
  const expanded = input.expanded.filter((id) => whole.parts.some((p) => p.kind === 'agents' && p.id === id));
  const layout = layoutGraph(whole, new Set(expanded));
  const drawn = (id: string): boolean => layout.boxes[id] !== undefined;
  const known = new Set(whole.parts.map((p) => p.id));
  const chosen = input.chosen.filter((id) => known.has(id));
  const survival = survives(cluster, chosen);
  const status = overlayStatus(whole, input.statuses);
  // Groups that are drawn agent by agent still start edges.
  const parts = whole.parts.filter((p) => drawn(p.id) || p.kind === 'agents');
  const sent = new Set(parts.map((p) => p.id));
  return {
    revision: input.revision,
    file: input.file,
    title: input.title,
    simulated: input.simulated,
    verdict: verdict(cluster),
    graph: { ...whole, parts },
    layout,
    status: Object.fromEntries(Object.entries(status).filter(([id]) => drawn(id))) as Record<string, PartStatus>,
    expanded,
    chosen,
    survival: { ...survival, failed: survival.failed.filter((id) => sent.has(id)) },
    singlePoints: singlePointsOfFailure(cluster),
    run: input.run,
    actions: input.actions,
  };
}
