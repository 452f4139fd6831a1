import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { isPublicAddress, nearEachOther, privateRange } from '../../k3s/addressSpace';
import type { ClusterNode } from '../../cluster/cluster';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { externalDatabase } from '../reading/externalDatabase';
import { firstPlace, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { listWordsOf, nodeLabel, nodeLabels } from '../reading/words';
import { etcdMembers } from '../../cluster/roles';
import { isWrittenOn, writtenText } from '../../cluster/written';

const SIGNS = ['flannel-external-ip', 'vpn-auth', 'vpn-auth-file'];

export const etcdAcrossNetworks = defineRule({
  id: 'etcd-across-networks',
  severity: 'error',
  title: later`Embedded etcd between servers without a common network`,
  rationale: `etcd members talk to each other by their private addresses and expect answers within milliseconds. \`flannel-external-ip\` and \`vpn-auth\` are for nodes that share no private network; K3s does not support embedded etcd across such networks, so servers in different clouds cannot form one. With \`vpn-auth\` the API and the pods move into the VPN, and etcd does not: K3s logs \`Etcd IP (PrivateIP) remains the local IP. Running etcd traffic over VPN is not recommended due to performance issues\`.

Keep the servers in one private network and spread the agents, or put the data into an external database that all servers reach. Where \`host\` is a public address, \`node-ip\` tells which private address the server has.`,
  sources: [SOURCES.multicloud, SOURCES.haEmbedded],
  check: (context) => {
    const { cluster, document } = context;
    const members = etcdMembers(cluster);
    if (datastoreKind(cluster) !== 'embedded-etcd' || members.length < 2) return [];
    return SIGNS.flatMap((option) => {
      const spread = cluster.servers.filter((server) =>
        option === 'flannel-external-ip' ? isWrittenOn(server, option) : writtenText(server, option) !== undefined,
      );
      const [first] = spread;
      const network = first === undefined ? 'shared' : networkOf(members);
      if (first === undefined || network === 'shared') return [];
      if (option !== 'flannel-external-ip')
        return [
          {
            ...firstPlace(document, ...optionPaths(context, first, option).map(key)),
            severity: 'warning',
            message: say`With ${option} only the API and the pods of ${nodeLabels(spread)} use the VPN. K3s leaves etcd on the machines' own addresses (${listWordsOf(members, ({ address }) => address)}), which have to reach each other at ports 2379 and 2380, and does not support embedded etcd over such distances: every write waits for a majority of them. Keep the servers in one network, or use an external database.`,
          },
        ];
      const purpose = say`${option} on ${nodeLabels(spread)} is for machines without a common private network`;
      return [
        {
          ...firstPlace(document, ...optionPaths(context, first, option).map(key)),
          severity: network === 'unknown' ? 'warning' : 'error',
          message:
            network === 'unknown'
              ? say`${purpose}. Embedded etcd needs one between the servers, and their addresses here do not show it: check that ${nodeLabels(members)} reach each other by private addresses.`
              : say`${purpose}, and ${nodeLabel(network)} (${network.address}) shares none with the other servers here: embedded etcd is not supported that way, because its members talk by private addresses only. Put the servers into one network, or use an external database.`,
        },
      ];
    });
  },
  fix: ({ cluster, document }) =>
    externalDatabase(cluster.name, (datastore) => setValue(document, ['datastore'], datastore)),
});

/** Whether the members share a private network as far as their addresses tell, or a member that stands outside. */
function networkOf(members: readonly ClusterNode[]): 'shared' | 'unknown' | ClusterNode {
  const [first, ...others] = members;
  if (first === undefined) return 'unknown';
  const range = privateRange(first.address);
  const outside =
    [first, ...others].find((member) => isPublicAddress(member.address)) ??
    others.find((member) => range !== undefined && ![undefined, range].includes(privateRange(member.address)));
  if (outside !== undefined) return outside;
  return range !== undefined && others.every((member) => nearEachOther(member.address, first.address))
    ? 'shared'
    : 'unknown';
}
