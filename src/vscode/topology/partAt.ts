import type { ClusterDocument } from '../../core/document/clusterDocument';
import type { TopologyGraph } from '../../core/topology/model';

/** The part whose lines are the narrowest around `offset`; parts that stand for the whole file never match. */
export function partAt(graph: TopologyGraph, document: ClusterDocument, offset: number): string | undefined {
  let best: { readonly id: string; readonly length: number } | undefined;
  for (const part of graph.parts) {
    if (part.path.length === 0) continue;
    const range = document.rangeOf(part.path, 'value');
    if (range === undefined || offset < range.start || offset > range.end) continue;
    const length = range.end - range.start;
    if (best === undefined || length < best.length) best = { id: part.id, length };
  }
  return best?.id;
}
