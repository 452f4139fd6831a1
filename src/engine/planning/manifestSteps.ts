import type { ClusterNode } from '../../core/cluster/cluster';
import { manifestFolder } from '../../core/cluster/hostFiles';
import type { Draft } from '../../core/plan/draft';
import type { FileChange } from './fileChange';
import { placeSteps } from './fileSteps';
import { hooksBefore } from './hooks';
import type { NodeChange } from './nodeChange';
import type { Situation } from './situation';

/** What is left to do on servers that got their manifests ahead of their restart. */
interface ManifestsFirst {
  /** Their hooks have begun with the manifests. */
  readonly rest: ReadonlyMap<string, NodeChange>;
  /** Ids of what has to be done before a server is restarted. */
  readonly ends: readonly string[];
}

/**
 * Brings the manifests to all servers before one of them is restarted: a server applies its own at every start, and one with
 * the former ones would undo the others' work. https://github.com/k3s-io/k3s/issues/1971
 */
export function planManifests(
  draft: Draft,
  situation: Situation,
  servers: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
  after: readonly string[],
): ManifestsFirst {
  const rest = new Map<string, NodeChange>();
  const ends: string[] = [];
  if (servers.length < 2) return { rest, ends };
  for (const node of servers) {
    const change = changeOf(node);
    const manifests = manifestsOf(situation, node, change);
    if (manifests.length === 0) continue;
    hooksBefore(draft, situation, node, change, after);
    ends.push(...placeSteps(node, manifests).map((step) => draft.add(step, after)));
    rest.set(node.id, { ...change, files: (change.files ?? []).filter((file) => !manifests.includes(file)) });
  }
  return { rest, ends };
}

/** The manifests that come to a server or change there. */
export function manifestsOf({ cluster }: Situation, node: ClusterNode, { files }: NodeChange): readonly FileChange[] {
  const folder = `${manifestFolder(cluster, node)}/`;
  return (files ?? []).filter(({ kind, path }) => kind === 'place' && path.startsWith(folder));
}
