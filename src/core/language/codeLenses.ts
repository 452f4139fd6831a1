import { later, said, say } from '../base/say';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import type { Cluster } from '../cluster/cluster';
import { isBlank } from '../document/isBlank';
import { verdict } from '../topology/verdict';

export interface CodeLens {
  readonly range: TextRange;
  readonly title: string;
  readonly action: 'topology' | 'previewPlan' | 'provision' | 'upgrade' | 'start' | 'import';
  /** Of `start`: the name of the snippet. */
  readonly starter?: string;
}

/** Titles for a file with nothing in it, and the snippets that they insert. */
const STARTS = [
  { title: later`Start with Embedded etcd`, starter: later`Embedded etcd` },
  { title: later`External Datastore`, starter: 'PostgreSQL' },
  { title: later`Practice Fleet`, starter: later`Practice fleet` },
] as const;

/**
 * What can be done with the file and the verdict on the cluster's availability, above its first line; upgrading above the
 * release; what an empty file may begin with.
 */
export function codeLenses(document: ClusterDocument, cluster: Cluster): CodeLens[] {
  if (isBlank(document)) {
    const start = { start: 0, end: 0 };
    return [
      ...STARTS.map(({ title, starter }) => ({ range: start, title: said(title), action: 'start' as const, starter })),
      { range: start, title: say`Paste a Command or a File…`, action: 'import' },
    ];
  }
  const range = document.rangeOf(['apiVersion'], 'key') ?? document.rangeOf(['kind'], 'key');
  if (range === undefined || document.syntaxProblems.length > 0 || cluster.servers.length === 0) return [];
  const version = document.rangeOf(['k3s', 'version'], 'key');
  return [
    { range, title: say`Provision`, action: 'provision' },
    { range, title: say`Preview plan`, action: 'previewPlan' },
    // Last, because it may be longer than the editor is wide.
    { range, title: say`Topology: ${verdict(cluster).replace(/[.。]$/u, '')}`, action: 'topology' },
    ...(version === undefined ? [] : [{ range: version, title: say`Upgrade K3s…`, action: 'upgrade' as const }]),
  ];
}
