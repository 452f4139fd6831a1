import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { cidrContains, parseCidr } from '../../k3s/cidr';
import type { ClusterDocument } from '../../document/clusterDocument';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { PLACEHOLDER_ADDRESS } from '../reading/placeholders';
import { firstPlace, hostPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { sanSteps } from '../reading/tlsSan';
import { nodeLabel } from '../reading/words';
import { nodesOf } from '../../cluster/roles';

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((text) => parseCidr(text) ?? []);

export const kubeconfigLoopback = defineRule({
  id: 'kubeconfig-loopback',
  severity: 'error',
  title: later`The address of the cluster is the reader itself`,
  rationale: `The kubeconfig is written for other machines, and agents are told where to register. A loopback address means each time the machine that reads it: \`kubectl\` looks for the cluster on the laptop it runs on, and an agent on itself. K3s writes \`https://127.0.0.1:6443\` into its own kubeconfig, which is right on a server and nowhere else.

Use an address that all of them reach: a load balancer, a virtual IP, a DNS name, or at least the address of the first server. Practice clusters whose machines all have loopback addresses are left alone.`,
  sources: [SOURCES.clusterAccess, SOURCES.ha],
  check: ({ cluster, document }) => {
    const [first] = cluster.servers;
    const balancer = cluster.loadBalancer;
    const address = balancer?.address ?? first?.address;
    if (first === undefined || address === undefined || !isLoopback(address)) return [];
    if (nodesOf(cluster).every((node) => isLoopback(node.address))) return [];
    return [
      {
        ...(balancer === undefined
          ? hostPlace(document, first)
          : firstPlace(document, value(['loadBalancer', 'address']))),
        message: say`${address} would stand in the kubeconfig${cluster.agents.length === 0 ? '' : say` and be where agents register`}: ${balancer === undefined ? say`it is the address of ${nodeLabel(first)}, but` : say`there`} every machine takes it for itself and finds no cluster.`,
      },
    ];
  },
  fix: ({ cluster, document }): readonly Fix[] => {
    const { loadBalancer } = cluster;
    const edits = inSequence(
      document,
      (current: ClusterDocument) =>
        loadBalancer === undefined
          ? setValue(current, ['loadBalancer'], { address: PLACEHOLDER_ADDRESS })
          : setValue(current, ['loadBalancer', 'address'], PLACEHOLDER_ADDRESS),
      ...sanSteps(cluster, PLACEHOLDER_ADDRESS),
    );
    return [
      { title: say`Use an address that all machines reach (replace ${PLACEHOLDER_ADDRESS} by it)`, edits, safe: false },
    ];
  },
});

function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare.endsWith('.localhost') || LOOPBACK.some((network) => cidrContains(network, bare));
}
