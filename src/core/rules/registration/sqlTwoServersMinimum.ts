import { later, say } from '../../base/say';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, serverListPlace, value } from '../reading/places';
import { addServers } from '../reading/serverEntries';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';

export const sqlTwoServersMinimum = defineRule({
  id: 'sql-two-servers-minimum',
  severity: 'warning',
  title: later`An external datastore with a single server`,
  rationale: `An external datastore is what lets several servers share one cluster. With only one server the database may be as reliable as it likes: the API is gone when that server is. Two servers are enough here, because the servers need no quorum among themselves.`,
  sources: [SOURCES.ha],
  check: ({ cluster, document }) => {
    const [server] = cluster.servers;
    if (server === undefined || cluster.servers.length > 1 || datastoreKind(cluster) !== 'external') return [];
    return [
      {
        ...firstPlace(document, value([...server.path, 'host']), serverListPlace(document)),
        message: say`${nodeLabel(server)} is the only server on the external datastore: when it is down the API is gone, although the data is safe. A second server makes the cluster highly available.`,
      },
    ];
  },
  fix: (context) => [addServers(context, 1, { embeddedEtcd: false })],
});
