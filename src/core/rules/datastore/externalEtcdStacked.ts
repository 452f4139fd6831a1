import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { ownerOf } from '../reading/addresses';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabel, nodeLabels } from '../reading/words';
import { isLoopback } from '../reading/endpoints';
import { etcdEndpoints } from '../reading/etcdEndpoints';

export const externalEtcdStacked = defineRule({
  id: 'external-etcd-stacked',
  severity: 'info',
  title: later`The external etcd runs on the K3s servers themselves`,
  rationale: `An external etcd is worth its trouble when it lives on machines of its own: then a server can be lost without an etcd member, and the other way round. On the same machines each loss costs both at once. That is exactly what embedded etcd gives, which K3s installs, joins, secures with certificates, snapshots and upgrades by itself.

It remains right where the etcd is there already or is shared with something else.`,
  sources: [SOURCES.haEmbedded, SOURCES.datastore],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length < 2) return [];
    return etcdEndpoints(context).flatMap(({ path, urls }) => {
      const hosts = urls.map(({ host }) => host);
      const owners = hosts.map((host) => (host === undefined ? undefined : ownerOf(cluster.servers, host)));
      if (!hosts.every((host, i) => owners[i] !== undefined || (host !== undefined && isLoopback(host)))) return [];
      // A single member is a worse matter, and another finding.
      if (urls.length === 1 && owners[0] !== undefined) return [];
      const shared = [...new Set(owners.flatMap((server) => server ?? []))];
      const servers = shared.length === 0 ? cluster.servers : shared;
      return [
        {
          ...firstPlace(document, value(path)),
          message: say`The etcd members run on the servers ${nodeLabels(servers)}: losing one of these machines costs a server and an etcd member at once. Embedded etcd survives just as much, and K3s takes care of it.`,
          related: shared.slice(0, 10).map((server) => ({
            ...hostPlace(document, server),
            message: say`${nodeLabel(server)} is an etcd member as well.`,
          })),
        },
      ];
    });
  },
  fix: (context, finding) => {
    const { cluster, document } = context;
    const count = cluster.servers.length;
    const isOnly = finding.path[0] === 'datastore' && writtenEndpoints(context).length === 1;
    if (!isOnly || count < 3 || count % 2 === 0) return [];
    return [
      {
        title: say`Use embedded etcd (for a new cluster: the data does not come along)`,
        edits: setValue(document, ['datastore'], { type: 'embedded-etcd' }),
        safe: false,
      },
    ];
  },
});
