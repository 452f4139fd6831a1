import type { Cluster } from '../cluster/cluster';
import type { Finding } from '../rules/rule';
import { abridge } from './abridge';
import { cutSets } from './cutSets';
import { fallWith } from './fate';
import { buildGraph } from './graph';
import { agentPart, agentsPart } from './ids';
import { layoutGraph } from './layout';
import { maintenance } from './maintenance';
import type { Answer, Part, Picture, TopologyGraph } from './model';
import { printablePiece } from './printablePiece';
import { survives } from './survival';
import { singlePointsOfFailure, verdict } from './verdict';

export interface PictureInput {
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
  /** Ids of parts that the user lets fail; unknown ones are dropped. */
  readonly chosen: readonly string[];
  /** Ids of agent groups to show in full. */
  readonly expanded: readonly string[];
}

/** A picture, and the graph with the parts that it does not draw: a group of agents has the state of its members. */
export interface DrawnCluster {
  readonly picture: Picture;
  readonly whole: TopologyGraph;
}

/** The picture of a cluster, limited to the parts that are drawn. All words in it may be shown as they are. */
export function drawCluster(input: PictureInput): DrawnCluster {
  const { cluster, words } = abridge(input.cluster);
  const whole = buildGraph(cluster, input.findings);
  const expanded = input.expanded.filter((id) => whole.parts.some((p) => p.kind === 'agents' && p.id === id));
  const layout = layoutGraph(whole, new Set(expanded));
  const known = new Set(whole.parts.map((p) => p.id));
  const chosen = input.chosen.filter((id) => known.has(id));
  const survival = survives(cluster, chosen);
  // Groups that are drawn agent by agent still start edges.
  const parts = whole.parts.filter(
    (p) => layout.boxes[p.id] !== undefined || p.kind === 'agents' || p.kind === 'network',
  );
  const sent = new Set(parts.map((p) => p.id));
  const picture: Picture = {
    verdict: [verdict(input.cluster), ...(words === '' ? [] : [words])].join(' '),
    graph: { ...whole, parts },
    layout,
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
  };
  return { picture: printablePiece(picture), whole };
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
