import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { canonicalAddress } from '../../k3s/cidr';
import type { ClusterNode, LoadBalancer } from '../../cluster/cluster';
import { ownAddresses } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { apiPort } from '../../cluster/options';

/** A port that K3s and the usual ingress controllers leave alone. */
const FREE_PORT = 8443;

export const lbPortConflict = defineRule({
  id: 'lb-port-conflict',
  severity: 'error',
  title: later`The load balancer wants the port that K3s holds on the same host`,
  rationale: `K3s listens on its port (6443) on every address of a server. HAProxy or nginx on the same host cannot listen there too: whichever starts second fails with \`address already in use\`. The load balancer needs another port, or hosts of its own.`,
  sources: [SOURCES.loadBalancer],
  check: ({ cluster, document }) => {
    const balancer = cluster.loadBalancer;
    const shared =
      balancer === undefined
        ? []
        : sharedServers(balancer, cluster.servers).filter((server) => apiPort(cluster, server) === balancer.port);
    if (balancer === undefined || shared.length === 0) return [];
    return [
      {
        ...firstPlace(
          document,
          value(['loadBalancer', 'port']),
          value(['loadBalancer', 'type']),
          key(['loadBalancer']),
        ),
        message: say`${balancer.type} runs on ${nodeLabels(shared)}, where K3s already listens on port ${balancer.port}: whichever starts second fails with "address already in use". Use another port, or hosts that are no servers.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Let the load balancer listen on ${FREE_PORT}`,
      edits: setValue(document, ['loadBalancer', 'port'], FREE_PORT),
      safe: false,
    },
  ],
});

function sharedServers(balancer: LoadBalancer, servers: readonly ClusterNode[]): readonly ClusterNode[] {
  if (balancer.type !== 'haproxy' && balancer.type !== 'nginx') return [];
  const hosts = new Set(balancer.nodes.map(({ host }) => canonicalAddress(host)));
  return servers.filter((server) => ownAddresses(server).some((address) => hosts.has(address)));
}
