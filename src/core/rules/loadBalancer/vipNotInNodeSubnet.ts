import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { privateRange } from '../../k3s/addressSpace';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { PLACEHOLDER_ADDRESS } from '../reading/placeholders';
import { SOURCES } from '../reading/sources';
import { isVirtualAddress } from '../reading/virtualAddress';

export const vipNotInNodeSubnet = defineRule({
  id: 'vip-not-in-node-subnet',
  severity: 'error',
  title: later`The virtual address is in another network than its machines`,
  rationale: `kube-vip and keepalived announce a virtual address on the network that the machines share. An address of another network is heard there and used by nobody: routers do not look for it in that place.

Only private ranges that cannot be one network are reported (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16). With BGP an address of another network can be right; ignore the finding then.`,
  sources: [SOURCES.loadBalancer],
  check: ({ cluster, document }) => {
    const balancer = cluster.loadBalancer;
    const own = privateRange(balancer?.address ?? '');
    if (balancer === undefined || own === undefined || !isVirtualAddress(balancer)) return [];
    const hosts = (balancer.nodes.length > 0 ? balancer.nodes : cluster.servers).map(({ address }) => address);
    const ranges = hosts.map(privateRange);
    const [first] = ranges;
    if (first === undefined || first === own || !ranges.every((range) => range === first)) return [];
    return [
      {
        ...firstPlace(document, value(['loadBalancer', 'address'])),
        message: say`${balancer.address} is to be announced by machines in ${first} (${hosts[0] ?? ''} …), where nobody looks for it. A virtual address has to belong to the network of its machines.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Use an address of their network (replace ${PLACEHOLDER_ADDRESS})`,
      edits: setValue(document, ['loadBalancer', 'address'], PLACEHOLDER_ADDRESS),
      safe: false,
    },
  ],
});
