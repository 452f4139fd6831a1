import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, optionPaths } from '../reading/places';
import { datastoreKind } from '../reading/datastore';
import { SOURCES } from '../reading/sources';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { nodeLabel, nodeLabels } from '../reading/words';
import { isWrittenOn } from '../../cluster/written';

export const rolesNoControlPlane = defineRule({
  id: 'roles-no-control-plane',
  severity: 'error',
  title: later`Too few servers run the Kubernetes API`,
  rationale: `A server with \`disable-apiserver\` keeps etcd's data and answers no \`kubectl\`. Somebody has to: without a control-plane server there is no API at all, and with a single one the cluster has a single point of failure, however many etcd members it has.`,
  sources: [SOURCES.serverRoles],
  check: (context) => {
    const { cluster, document } = context;
    if (datastoreKind(cluster) === 'external') return [];
    const without = cluster.servers.filter((server) => isWrittenOn(server, 'disable-apiserver'));
    const having = cluster.servers.filter((server) => !isWrittenOn(server, 'disable-apiserver'));
    const [first] = without;
    const [only] = having;
    if (first === undefined || having.length > 1) return [];
    const place = firstPlace(document, ...optionPaths(context, first, 'disable-apiserver').map(key));
    if (only === undefined)
      return [
        {
          ...place,
          message: say`${nodeLabels(without)} ${without.length === 1 ? 'is an etcd server' : 'are all etcd servers'}: no server runs the Kubernetes API, so the cluster never answers.`,
        },
      ];
    return [
      {
        ...place,
        severity: 'warning',
        message: say`Only ${nodeLabel(only)} runs the Kubernetes API; ${nodeLabels(without)} ${without.length === 1 ? 'holds' : 'hold'} etcd alone. While ${nodeLabel(only)} is down nothing can be changed, although etcd has its quorum.`,
      },
    ];
  },
  fix: (context) => {
    const without = context.cluster.servers.filter((server) => isWrittenOn(server, 'disable-apiserver'));
    return [
      {
        title: say`Let ${nodeLabels(without)} run the API, too (remove disable-apiserver)`,
        edits: removeAll(context.document, optionPathsOf(context, without, 'disable-apiserver')),
        safe: false,
      },
    ];
  },
});
