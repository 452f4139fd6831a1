import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { cidrsOverlap, parseCidr } from '../../k3s/cidr';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { clusterNetworks } from '../reading/clusterNetworks';
import { DOCUMENTS } from '../reading/documents';
import { isInstalled } from '../reading/installed';

/** Interfaces of a cluster that has run here: their routes are the networks of the cluster. */
const OF_PODS = /^(cni|flannel|kube-|cilium|cali|vxlan\.calico)/;

export const networkOverlap = defineHostCheck({
  id: 'network-overlap',
  severity: 'error',
  title: later`A route of the machine leads into the network of pods or services`,
  rationale: `K3s uses 10.42.0.0/16 for pods and 10.43.0.0/16 for services unless told otherwise. When a machine has a route of its own into one of them, what lies behind that route is not reached any more from the machine and its pods, or pods are not. Neither network can be changed once the cluster exists.`,
  sources: [DOCUMENTS.network],
  judge: (look) => {
    const networks = clusterNetworks(look.cluster);
    return ofNodes(look, (node, seen) => {
      if (isInstalled(node, seen)) return undefined;
      const overlaps = (seen.network?.routes ?? []).flatMap(({ to, through }) => {
        const cidr = parseCidr(to.includes('/') ? to : `${to}/${to.includes(':') ? 128 : 32}`);
        if (cidr === undefined || OF_PODS.test(through)) return [];
        const hit = networks.find((network) => cidrsOverlap(network.cidr, cidr));
        return hit === undefined ? [] : [{ hit, said: say`${to} through ${through}` }];
      });
      const [first] = overlaps;
      if (first === undefined) return undefined;
      return {
        message: say`${node.id} has a route into the ${first.hit.kind} network ${first.hit.text}: ${listed(overlaps.map(({ said }) => said))}`,
        nextSteps: [
          say`Before the cluster exists, choose other networks with cluster-cidr and service-cidr on all servers, or take the route away.`,
        ],
      };
    });
  },
});
