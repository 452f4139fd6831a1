import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { externalDatabase } from '../reading/externalDatabase';
import { hostPlace, serverListPlace } from '../reading/places';
import { addServers, removeServer } from '../reading/serverEntries';
import { SOURCES } from '../reading/sources';
import { nodeLabel, nodeLabels } from '../reading/words';
import { etcdMembers } from '../../cluster/roles';

export const etcdTwoServers = defineRule({
  id: 'etcd-two-servers',
  severity: 'error',
  title: later`Embedded etcd with two members`,
  rationale: `etcd answers only while more than half of its members do. Of two members that means both: losing either one stops the API, so two servers are *less* available than one, and twice as likely to fail.

Three members survive the loss of one, five of two. Where there are only two machines, an external database is the way to two equal servers.`,
  sources: [SOURCES.haEmbedded],
  check: ({ cluster, document }) => {
    const members = etcdMembers(cluster);
    const [first, second] = members;
    if (first === undefined || second === undefined || members.length !== 2) return [];
    return [
      {
        ...serverListPlace(document),
        message: say`${nodeLabels(members)} are the only two etcd members, and two members need each other: if either is down the API stops, which is less available than one server. Use three servers, or an external database for two.`,
        related: members.map((member) => ({
          ...hostPlace(document, member),
          message: say`${nodeLabel(member)} is an etcd member.`,
        })),
      },
    ];
  },
  fix: (context) => {
    const { cluster, document } = context;
    const members = etcdMembers(cluster);
    const idle = cluster.servers.length > 2 ? [] : removeServer(context, members[1], say`one server is safer than two`);
    return [
      addServers(context, 1, { embeddedEtcd: true }),
      ...externalDatabase(cluster.name, (datastore) => setValue(document, ['datastore'], datastore)),
      ...idle,
    ];
  },
});
