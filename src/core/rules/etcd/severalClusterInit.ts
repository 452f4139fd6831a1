import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstAtPlace, firstPlace, key } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabel, nodeLabels } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { isOn } from '../../cluster/options';
import { writtenText } from '../../cluster/written';

export const severalClusterInit = defineRule({
  id: 'several-cluster-init',
  severity: 'warning',
  title: later`More than one server is told to found the cluster`,
  rationale: `\`cluster-init\` founds a cluster with embedded etcd. Installed by hand, two servers with it become two clusters of one server each, which look healthy and know nothing of each other.

K3s HA lets only the first server found and the others join, whatever stands here; the option is nevertheless misleading on the others, and dangerous as soon as one of them is set up by other means.`,
  sources: [SOURCES.haEmbedded, SOURCES.managed],
  check: (context) => {
    const [first, ...others] = founders(context);
    const [second] = others;
    if (first === undefined || second === undefined) return [];
    return [
      {
        ...firstPlace(context.document, key([...second.path, 'config', 'cluster-init'])),
        message: say`${nodeLabels([first, ...others])} ${others.length === 1 ? 'both' : 'all'} have cluster-init: whoever starts them by hand gets ${others.length + 1} clusters. Only ${nodeLabel(first)} should have it.`,
        related: [
          {
            ...firstPlace(context.document, key([...first.path, 'config', 'cluster-init'])),
            message: say`${nodeLabel(first)} founds the cluster.`,
          },
        ],
      },
    ];
  },
  fix: (context) => {
    const [first, ...others] = founders(context);
    if (first === undefined) return [];
    const edits = inSequence(
      context.document,
      ...others.map(
        (server) => (current: ClusterDocument) => removeOption(current, [...server.path, 'config', 'cluster-init']),
      ),
    );
    return [{ title: say`Keep cluster-init on ${nodeLabel(first)} only`, edits, safe: true }];
  },
});

/** Servers that have the option of their own and nobody to join. */
function founders({ cluster, document }: RuleContext): readonly ClusterNode[] {
  if (!usesEtcd(cluster)) return [];
  const own = cluster.servers.filter(
    (server) =>
      isOn(valueAt(document.data, [...server.path, 'config', 'cluster-init'])) &&
      writtenText(server, 'server') === undefined,
  );
  return firstAtPlace(own);
}

function usesEtcd(cluster: Cluster): boolean {
  return datastoreKind(cluster) === 'embedded-etcd';
}
