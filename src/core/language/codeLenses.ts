import { say } from '../base/say';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import type { Cluster } from '../cluster/cluster';
import { verdict } from '../topology/verdict';

export interface CodeLens {
  readonly range: TextRange;
  readonly title: string;
  readonly action: 'topology' | 'previewPlan' | 'provision' | 'upgrade';
}

/** What can be done with the file and the verdict on the cluster's availability, above its first line; upgrading above the release. */
export function codeLenses(document: ClusterDocument, cluster: Cluster): CodeLens[] {
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
