import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { sameAddress } from '../../k3s/cidr';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { isOwnAddress, parseServerUrl } from '../reading/addresses';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, nodeByKey, nodeKey, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';
import { nobodyFounds } from '../reading/founding';
import { apiPort } from '../../cluster/options';
import { httpsUrl } from '../../cluster/registration';
import { writtenText } from '../../cluster/written';

export const serverUrlSelf = defineRule({
  id: 'server-url-self',
  severity: 'error',
  title: later`A machine joins through itself`,
  rationale: `\`server\` says where a machine finds the cluster. A server that is sent to itself waits for an API that only it could start, and an agent's own address has no API at all.`,
  sources: [SOURCES.haEmbedded, SOURCES.serverOptions],
  check: (context) => {
    const { cluster, document } = context;
    const balancer = cluster.loadBalancer?.address;
    // With an external datastore servers pass over the option: https://docs.k3s.io/datastore/ha
    const servers = datastoreKind(cluster) === 'external' ? [] : cluster.servers;
    // Where nobody founds the cluster, that finding speaks for the first server.
    const joining = nobodyFounds(cluster) ? servers.slice(1) : servers;
    return [...joining, ...cluster.agents].flatMap((node) => {
      const url = writtenText(node, 'server');
      const host = url === undefined ? undefined : parseServerUrl(url)?.host;
      if (
        url === undefined ||
        host === undefined ||
        !isOwnAddress(node, host) ||
        (balancer !== undefined && sameAddress(balancer, host))
      )
        return [];
      return [
        {
          ...firstPlace(document, ...optionPaths(context, node, 'server').map(value)),
          message: say`${url} is ${nodeLabel(node)} itself: it waits for a cluster that nobody else starts there.`,
          data: { node: nodeKey(node) },
        },
      ];
    });
  },
  fix: (context, finding) => {
    const node = nodeByKey(context.cluster, finding.data?.['node']);
    const target = node === undefined ? undefined : elsewhere(context, node);
    // A value for the whole role serves the others; only the machine itself gets another one.
    return node === undefined || target === undefined
      ? []
      : [
          {
            title: say`Join through ${target}`,
            edits: setValue(context.document, [...node.path, 'config', 'server'], target),
            safe: false,
          },
        ];
  },
});

/** The fixed address, or the first server that is another machine. */
function elsewhere({ cluster }: RuleContext, node: ClusterNode): string | undefined {
  if (cluster.loadBalancer !== undefined) return httpsUrl(cluster.loadBalancer.address, cluster.loadBalancer.port);
  const other = cluster.servers.find((server) => server.id !== node.id);
  return other === undefined ? undefined : httpsUrl(other.address, apiPort(cluster, other));
}
