import { later, say } from '../../base/say';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { addServers } from '../reading/serverEntries';
import { firstPlace, hostPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';

export const singleServer = defineRule({
  id: 'single-server',
  severity: 'warning',
  title: later`A load balancer or agents depend on one single server`,
  rationale: `With one server there is nothing to fail over to: when it is down the Kubernetes API is gone, whatever stands in front of it. Pods that already run on agents go on, but nothing is rescheduled.

With embedded etcd a cluster needs three servers to survive the loss of one; with an external database two are enough. An info when the file declares no load balancer: then a single server may well be what is wanted.`,
  sources: [SOURCES.haEmbedded, SOURCES.ha],
  check: ({ cluster, document }) => {
    const [server] = cluster.servers;
    const balancer = cluster.loadBalancer;
    if (server === undefined || cluster.servers.length > 1 || datastoreKind(cluster) === 'external') return [];
    if (balancer === undefined && cluster.agents.length === 0) return [];
    const label = nodeLabel(server);
    return [
      {
        ...hostPlace(document, server),
        severity: balancer === undefined ? 'info' : 'warning',
        message:
          balancer === undefined
            ? say`${label} is the only server: when it is down, the API is gone and nothing on the ${cluster.agents.length === 1 ? say`agent` : say`${cluster.agents.length} agents`} is rescheduled. Three servers survive the loss of one.`
            : say`${label} is the only server behind ${balancer.address}: when it is down, the load balancer has nobody to turn to and the API is gone. Three servers survive the loss of one.`,
        ...(balancer === undefined
          ? {}
          : {
              related: [
                {
                  ...firstPlace(document, value(['loadBalancer', 'address'])),
                  message: say`The load balancer that stands in front of it.`,
                },
              ],
            }),
      },
    ];
  },
  fix: (context) => [addServers(context, 2, { embeddedEtcd: true })],
});
