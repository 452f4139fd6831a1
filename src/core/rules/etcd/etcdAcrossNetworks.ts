import { setValue } from '../../document/edit';
import { datastoreKind, etcdMembers } from '../support/datastore';
import { defineRule } from '../support/defineRule';
import { externalDatabase } from '../support/externalDatabase';
import { firstPlace, key, optionPaths } from '../support/places';
import { isOn, scalarText } from '../support/read';
import { SOURCES } from '../support/sources';
import { nodeLabels } from '../support/words';

const SIGNS = ['flannel-external-ip', 'vpn-auth', 'vpn-auth-file'];

export const etcdAcrossNetworks = defineRule({
  id: 'etcd-across-networks',
  severity: 'error',
  title: 'Embedded etcd between servers without a common network',
  rationale: `etcd members talk to each other by their private addresses and expect answers within milliseconds. \`flannel-external-ip\` and \`vpn-auth\` are for nodes that share no private network; K3s does not carry etcd over either of them, so servers in different clouds cannot form one embedded etcd.

Keep the servers in one network and spread the agents, or put the data into an external database that all servers reach.`,
  sources: [SOURCES.multicloud, SOURCES.haEmbedded],
  check: (context) => {
    const { cluster, document } = context;
    if (datastoreKind(cluster) !== 'embedded-etcd' || etcdMembers(cluster).length < 2) return [];
    return SIGNS.flatMap((option) => {
      const spread = cluster.servers.filter((server) => isOn(server.config[option]) || (option !== 'flannel-external-ip' && scalarText(server.config[option]) !== undefined));
      const [first] = spread;
      if (first === undefined) return [];
      return [
        {
          ...firstPlace(document, ...optionPaths(context, first, option).map(key)),
          message: `${option} on ${nodeLabels(spread)} says that the servers share no private network; embedded etcd needs one, because its members talk by private addresses only. Put the servers into one network, or use an external database.`,
        },
      ];
    });
  },
  fix: ({ cluster, document }) => externalDatabase(cluster.name, (datastore) => setValue(document, ['datastore'], datastore)),
});
