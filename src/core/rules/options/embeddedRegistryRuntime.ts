import { later, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, optionPaths } from '../reading/places';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { nodesOf } from '../../cluster/roles';
import { isWrittenOn, writtenText } from '../../cluster/written';

const ENDPOINT = 'container-runtime-endpoint';

export const embeddedRegistryRuntime = defineRule({
  id: 'embedded-registry-runtime',
  severity: 'error',
  title: later`The embedded registry needs the containerd of K3s`,
  rationale: `\`embedded-registry\` lets machines hand images to each other out of the store of K3s's own containerd. With Docker or another runtime there is no such store, and K3s stops with \`embedded registry mirror requires embedded containerd\`.`,
  sources: [SOURCES.embeddedRegistry],
  check: (context) => {
    const { cluster, document } = context;
    if (!cluster.servers.some((server) => isWrittenOn(server, 'embedded-registry'))) return [];
    const other = nodesOf(cluster).filter(hasOtherRuntime);
    const [first] = other;
    if (first === undefined) return [];
    const option = isWrittenOn(first, 'docker') ? 'docker' : ENDPOINT;
    const registry = cluster.servers.flatMap((server) => optionPaths(context, server, 'embedded-registry')).slice(0, 1);
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, option).map(key)),
        message: say`${nodeLabels(other)} ${other.length === 1 ? 'uses' : 'use'} ${option} and the cluster has embedded-registry: K3s stops there with "embedded registry mirror requires embedded containerd".`,
        related: registry.map((path) => ({
          ...firstPlace(document, key(path)),
          message: say`The embedded registry is switched on here.`,
        })),
      },
    ];
  },
  fix: (context) => {
    const { cluster, document } = context;
    const nodes = nodesOf(cluster).filter(hasOtherRuntime);
    return [
      {
        title: say`Use the containerd of K3s`,
        edits: removeAll(
          document,
          ['docker', ENDPOINT].flatMap((option) => optionPathsOf(context, nodes, option)),
        ),
        safe: false,
      },
      {
        title: say`Remove embedded-registry`,
        edits: removeAll(document, optionPathsOf(context, cluster.servers, 'embedded-registry')),
        safe: false,
      },
    ];
  },
});

function hasOtherRuntime(node: ClusterNode): boolean {
  return isWrittenOn(node, 'docker') || writtenText(node, ENDPOINT) !== undefined;
}
