import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { nearEachOther, privateRange } from '../../k3s/addressSpace';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';
import { nodesOf } from '../../cluster/roles';
import { writtenText } from '../../cluster/written';

export const hostgwNotL2 = defineRule({
  id: 'hostgw-not-l2',
  severity: 'error',
  title: later`host-gw between machines of different networks`,
  rationale: `flannel's \`host-gw\` writes plain routes: every node has to reach every other without a router in between. Machines in different networks cannot do that, and their pods lose each other. \`vxlan\` works across routers.

Two addresses count as different networks here when they do not even agree in their first 16 bits.`,
  sources: [SOURCES.network],
  check: (context) => {
    const { cluster, document } = context;
    if (!cluster.servers.some((server) => writtenText(server, 'flannel-backend') === 'host-gw')) return [];
    const [first, ...rest] = nodesOf(cluster).filter((node) => privateRange(node.address) !== undefined);
    if (first === undefined || writtenText(first, 'flannel-backend') !== 'host-gw') return [];
    const other = rest.find((node) => !nearEachOther(node.address, first.address));
    if (other === undefined) return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, 'flannel-backend').map(value)),
        message: say`host-gw needs all nodes in one network without routers between them, and ${nodeLabel(first)} (${first.address}) and ${nodeLabel(other)} (${other.address}) are not: their pods could not reach each other.`,
        related: [{ ...hostPlace(document, other), message: say`${nodeLabel(other)} is in another network.` }],
      },
    ];
  },
  fix: ({ document }, finding) => [
    { title: say`Use vxlan`, edits: setValue(document, finding.path, 'vxlan'), safe: false },
  ],
});
