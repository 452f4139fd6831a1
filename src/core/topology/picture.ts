import type { Cluster } from '../cluster/cluster';
import type { Finding } from '../rules/rule';
import { abridge } from './abridge';
import { buildGraph } from './graph';
import { layoutGraph } from './layout';
import { layoutNarrow } from './layoutNarrow';
import type { Picture, TopologyGraph } from './model';
import { printablePiece } from './printablePiece';
import { verdict } from './verdict';

export interface PictureInput {
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
  /** Ids of agent groups to show in full. */
  readonly expanded: readonly string[];
  /** Width of a narrow window in pixels; undefined where there is room. */
  readonly narrow?: number;
}

/** A picture, and what it was drawn from. */
export interface DrawnCluster {
  readonly picture: Picture;
  /** With the parts that the picture does not draw: a group of agents has the state of its members. */
  readonly whole: TopologyGraph;
  /** What is drawn of the cluster. */
  readonly cluster: Cluster;
  /** What the cluster as designed survives, and what had to be left out. */
  readonly verdict: string;
}

/** The picture of a cluster, limited to the parts that are drawn. All words in it may be shown as they are. */
export function drawCluster(input: PictureInput): DrawnCluster {
  const { cluster, words } = abridge(input.cluster);
  const whole = buildGraph(cluster, input.findings);
  const expanded = input.expanded.filter((id) => whole.parts.some((p) => p.kind === 'agents' && p.id === id));
  const open = new Set(expanded);
  const layout = input.narrow === undefined ? layoutGraph(whole, open) : layoutNarrow(whole, open, input.narrow);
  // Groups that are drawn agent by agent still start edges.
  const parts = whole.parts.filter(
    (p) => layout.boxes[p.id] !== undefined || p.kind === 'agents' || p.kind === 'network',
  );
  return {
    picture: printablePiece({ graph: { ...whole, parts }, layout, expanded }),
    whole,
    cluster,
    verdict: [verdict(input.cluster), ...(words === '' ? [] : [words])].join(' '),
  };
}
