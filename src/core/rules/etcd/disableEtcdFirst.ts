import { later, say } from '../../base/say';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { nodeLabel } from '../reading/words';
import { isWrittenOn } from '../../cluster/written';

export const disableEtcdFirst = defineRule({
  id: 'disable-etcd-first',
  severity: 'error',
  title: later`The first server has no etcd`,
  rationale: `A server with \`disable-etcd\` uses the etcd of others, so it cannot be the one that begins. K3s refuses it: \`invalid flag use; --server is required with --disable-etcd\`. The first server of the list founds the cluster.`,
  sources: [SOURCES.serverRoles, SOURCES.haEmbedded],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    if (first === undefined || datastoreKind(cluster) !== 'embedded-etcd' || !isWrittenOn(first, 'disable-etcd'))
      return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, 'disable-etcd').map(key)),
        message: say`${nodeLabel(first)} comes first and founds the cluster, but disable-etcd leaves it without the database: K3s stops with "invalid flag use; --server is required with --disable-etcd". Let it have etcd, or list a server with etcd before it.`,
      },
    ];
  },
  fix: (context) => {
    const [first] = context.cluster.servers;
    return first === undefined
      ? []
      : [
          {
            title: say`Let ${nodeLabel(first)} have etcd (remove disable-etcd)`,
            edits: removeAll(context.document, optionPathsOf(context, [first], 'disable-etcd')),
            safe: false,
          },
        ];
  },
});
