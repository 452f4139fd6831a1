import { printableWords } from '../base/printable';
import type { Finding } from '../rules/rule';
import type { Cluster } from '../cluster/cluster';
import { abridge } from './abridge';
import { buildGraph } from './graph';
import { layoutGraph } from './layout';
import { fallWith } from './fate';
import { agentPart, agentsPart } from './ids';
import type { Answer, Part, PartStatus, RunState, TopologyAction, TopologySnapshot } from './model';
import { overlayStatus, type NodeStatus } from './status';
import { cutSets } from './cutSets';
import { maintenance } from './maintenance';
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
  /** Where the running cluster as a whole is not as the file says. */
  readonly drift: readonly string[];
  readonly run: RunState;
  readonly actions: readonly TopologyAction[];
}

/** Keys of what names a part or a place: they are compared, never shown. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'id',
  'file',
  'path',
  'nodeId',
  'inside',
  'between',
  'from',
  'to',
  'edges',
  'expanded',
  'chosen',
  'failed',
  'cutOff',
  'partId',
  'partIds',
]);

/** Everything the diagram needs, limited to the parts that it draws. All words in it may be shown as they are. */
export function topologySnapshot(input: SnapshotInput): TopologySnapshot {
  return printableWords(snapshotOf(input), IDENTIFIERS);
}

function snapshotOf(input: SnapshotInput): TopologySnapshot {
  const { cluster, words } = abridge(input.cluster);
  const whole = buildGraph(cluster, input.findings);
  const expanded = input.expanded.filter((id) => whole.parts.some((p) => p.kind === 'agents' && p.id === id));
  const layout = layoutGraph(whole, new Set(expanded));
  const drawn = (id: string): boolean => layout.boxes[id] !== undefined;
  const known = new Set(whole.parts.map((p) => p.id));
  const chosen = input.chosen.filter((id) => known.has(id));
  const survival = survives(cluster, chosen);
  const status = overlayStatus(whole, input.statuses);
  // Groups that are drawn agent by agent still start edges.
  const parts = whole.parts.filter((p) => drawn(p.id) || p.kind === 'agents' || p.kind === 'network');
  const sent = new Set(parts.map((p) => p.id));
  return {
    revision: input.revision,
    file: input.file,
    title: input.title,
    simulated: input.simulated,
    verdict: [verdict(input.cluster), ...(words === '' ? [] : [words])].join(' '),
    graph: { ...whole, parts },
    layout,
    status: Object.fromEntries(Object.entries(status).filter(([id]) => drawn(id))) as Record<string, PartStatus>,
    expanded,
    chosen,
    survival: {
      ...survival,
      failed: survival.failed.filter((id) => sent.has(id)),
      cutOff: survival.cutOff.filter((id) => sent.has(id)),
    },
    singlePoints: singlePointsOfFailure(cluster),
    cutSets: cutSets(cluster),
    maintenance: maintenanceOf(cluster, chosen, parts),
    drift: input.drift,
    run: input.run,
    actions: input.actions,
  };
}

/** Agents of a group are alike: the answer for the first one that is up stands for each. */
function maintenanceOf(
  cluster: Cluster,
  chosen: readonly string[],
  parts: readonly Part[],
): Readonly<Record<string, Answer>> {
  const down = fallWith(cluster, chosen);
  const asked = parts.flatMap((part): (readonly [string, string])[] => {
    if (part.kind === 'agents') {
      const one = cluster.agents.find((agent) => agentsPart(agent.zone) === part.id && !down.has(agentPart(agent.id)));
      return one === undefined ? [] : [[part.id, agentPart(one.id)]];
    }
    return ['server', 'zone', 'balancer-host', 'database'].includes(part.kind) ||
      (part.kind === 'etcd-member' && part.nodeId === undefined)
      ? [[part.id, part.id]]
      : [];
  });
  return Object.fromEntries(asked.map(([id, partId]) => [id, maintenance(cluster, chosen, partId)]));
}
