import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { datastoreKind, datastorePlace, writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { externalDatabase } from '../reading/externalDatabase';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';

export const sqliteWithSeveralServers = defineRule({
  id: 'sqlite-with-several-servers',
  severity: 'error',
  title: later`Several servers on SQLite`,
  rationale: `K3s's default datastore is a SQLite file on the server's own disk. It cannot be shared: each further server starts a cluster of its own, with its own nodes, secrets and certificates.

Several servers need embedded etcd (three or more servers) or an external database (two or more).`,
  sources: [SOURCES.datastore, SOURCES.managed],
  check: (context) => {
    const { cluster } = context;
    // An endpoint that K3s cannot read was meant for another datastore, and is reported as what it is.
    const meant = writtenEndpoints(context).some(({ parsed }) => parsed.driver !== 'sqlite');
    if (cluster.servers.length < 2 || meant || datastoreKind(cluster) !== 'sqlite') return [];
    const chosen =
      context.cluster.datastore.path === undefined ? say`No datastore is chosen, so` : say`With datastore sqlite`;
    return [
      {
        ...datastorePlace(context),
        message: say`${chosen} each of ${nodeLabels(cluster.servers)} keeps its own SQLite file: they would be ${cluster.servers.length} separate clusters that do not know each other. Use embedded etcd or an external database.`,
      },
    ];
  },
  fix: ({ cluster, document }) => {
    const count = cluster.servers.length;
    const note =
      count % 2 === 1 ? '' : count === 2 ? say` (needs a third server)` : say` (an odd number of servers is better)`;
    return [
      {
        title: say`Use embedded etcd${note}`,
        edits: setValue(document, ['datastore'], { type: 'embedded-etcd' }),
        safe: count % 2 === 1,
      },
      ...externalDatabase(cluster.name, (datastore) => setValue(document, ['datastore'], datastore)),
    ];
  },
});
