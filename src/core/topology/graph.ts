import type { Cluster } from '../cluster/cluster';
import type { Finding } from '../rules/rule';
import { clusterEdges } from './edges';
import { agentPart } from './ids';
import { placeMarks } from './marks';
import type { Part, TopologyGraph } from './model';
import { clusterParts, type PartDraft } from './parts';

/**
 * The cluster as parts and the network paths between them, with findings as marks.
 * Agents appear one by one and as one group a zone; edges start at the group.
 */
export function buildGraph(cluster: Cluster, findings: readonly Finding[]): TopologyGraph {
  const drafts = clusterParts(cluster);
  const { placed, general } = placeMarks(drafts.filter(takesMarks), findings);
  const marks = new Map(placed);
  for (const group of drafts.filter((p) => p.kind === 'agents'))
    marks.set(group.id, groupMarks(cluster, group, placed));
  const parts = drafts.map((draft) => ({ ...draft, marks: marks.get(draft.id) ?? [] }));
  return {
    parts,
    edges: clusterEdges(cluster),
    marks: general,
  };
}

/** Marks of a node's entry go to the node itself, not to what is drawn with it. */
function takesMarks(part: PartDraft): boolean {
  if (part.kind === 'etcd-member') return part.nodeId === undefined;
  return (
    part.kind !== 'zone' &&
    part.kind !== 'network' &&
    part.kind !== 'clients' &&
    part.kind !== 'agents' &&
    part.kind !== 'sqlite'
  );
}

function groupMarks(
  cluster: Cluster,
  group: PartDraft,
  placed: ReadonlyMap<string, readonly Part['marks'][number][]>,
): Part['marks'] {
  const all = cluster.agents.filter((a) => a.zone === group.zone).flatMap((a) => placed.get(agentPart(a.id)) ?? []);
  // Nodes of one range share their findings; the group says each once.
  return [...new Map(all.map((mark) => [`${mark.ruleId}\n${mark.message}`, mark])).values()];
}
