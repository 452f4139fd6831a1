import { later, say } from '../../base/say';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, optionPaths, serverListPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { withoutToken } from '../reading/tokens';
import { nodeLabels } from '../reading/words';
import { giveClusterToken } from '../reading/clusterToken';

export const serverUrlWithoutToken = defineRule({
  id: 'server-url-without-token',
  severity: 'error',
  title: later`Servers join an etcd cluster without a token`,
  rationale: `The first server of a cluster with embedded etcd can start without a token: it makes one up and keeps it in \`/var/lib/rancher/k3s/server/token\`. Every further server joins through it and has to show that token. Told where to join and not with what, K3s does not complain: it starts a cluster of its own on SQLite.

A token in the cluster file spares the way back to the first server, and it is what a restore from a snapshot asks for.`,
  sources: [SOURCES.haEmbedded, SOURCES.token, SOURCES.managed],
  check: (context) => {
    const { cluster, document } = context;
    if (datastoreKind(cluster) !== 'embedded-etcd') return [];
    const lacking = withoutToken(cluster, cluster.servers.slice(1));
    const [first] = lacking;
    if (first === undefined) return [];
    const [written] = optionPaths(context, first, 'server');
    return [
      {
        ...(written === undefined ? serverListPlace(document) : firstPlace(document, value(written))),
        message: say`${nodeLabels(lacking)} ${lacking.length === 1 ? 'joins' : 'join'} through another server and ${lacking.length === 1 ? 'has' : 'have'} no token, so K3s does not join there: it quietly starts a cluster of its own on SQLite. All servers need the same token.`,
      },
    ];
  },
  fix: (context) => giveClusterToken(context),
});
