import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { isOwnAddress } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, value } from '../reading/places';
import { PLACEHOLDER_ADDRESS } from '../reading/placeholders';
import { sameAddress } from '../../k3s/cidr';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';
import { isVirtualAddress } from '../reading/virtualAddress';
import type { ClusterNode } from '../../cluster/cluster';
import { nodesOf } from '../../cluster/roles';
import { writtenText } from '../../cluster/written';

export const vipAddressInUse = defineRule({
  id: 'vip-address-in-use',
  severity: 'error',
  title: later`The virtual address belongs to a machine`,
  rationale: `A virtual address moves from machine to machine, so it must be free. When it is the address of one of them, two machines answer for it as soon as it moves, and neither can be reached reliably.`,
  sources: [SOURCES.loadBalancer],
  check: ({ cluster, document }) => {
    const balancer = cluster.loadBalancer;
    if (balancer === undefined || !isVirtualAddress(balancer)) return [];
    // Servers may advertise the address that moves between them; it is of none for that.
    const advertises = (each: ClusterNode) =>
      sameAddress(writtenText(each, 'advertise-address') ?? '', balancer.address);
    const node = nodesOf(cluster).find((each) => isOwnAddress(each, balancer.address) && !advertises(each));
    const host = balancer.nodes.find((each) => sameAddress(each.address, balancer.address));
    if (node === undefined && host === undefined) return [];
    return [
      {
        ...firstPlace(document, value(['loadBalancer', 'address'])),
        message: say`${balancer.address} is to move between machines, but it belongs to ${node === undefined ? say`a host of the load balancer` : nodeLabel(node)}. A virtual address has to be one that no machine has.`,
        ...(node === undefined
          ? {}
          : { related: [{ ...hostPlace(document, node), message: say`${nodeLabel(node)} has this address.` }] }),
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Use another address (replace ${PLACEHOLDER_ADDRESS})`,
      edits: setValue(document, ['loadBalancer', 'address'], PLACEHOLDER_ADDRESS),
      safe: false,
    },
  ],
});
