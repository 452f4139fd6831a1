import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { hostlessSteps } from '../reading/loadBalancerType';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';

export const lbSinglePoint = defineRule({
  id: 'lb-single-point',
  severity: 'warning',
  title: later`One host carries the load balancer`,
  rationale: `A load balancer takes over for a server that fails; nobody takes over for a load balancer that stands alone. With two or more hosts keepalived moves the address to the next one. kube-vip needs no hosts of its own: the servers carry the address.`,
  sources: [SOURCES.loadBalancer],
  check: ({ cluster, document }) => {
    const balancer = cluster.loadBalancer;
    const [{ host } = { host: undefined }] = balancer?.nodes ?? [];
    if (balancer === undefined || host === undefined || balancer.nodes.length > 1 || cluster.servers.length < 2)
      return [];
    if (balancer.type !== 'haproxy' && balancer.type !== 'nginx') return [];
    return [
      {
        ...firstPlace(document, value(['loadBalancer', 'nodes', 0]), value(['loadBalancer', 'nodes'])),
        message: say`${host} alone carries ${balancer.address}: when it is down, kubectl and joining nodes are locked out although ${nodeLabels(cluster.servers)} still run. With a second host keepalived moves the address.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Let the servers carry the address (kube-vip)`,
      edits: inSequence(document, ...hostlessSteps(document, 'kube-vip')),
      safe: false,
    },
  ],
});
