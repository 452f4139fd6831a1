import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry } from '../../document/edit';
import type { Fix, RuleContext } from '../rule';
import { datastoreKind, datastorePlace, writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { isSnapshotOption } from '../reading/snapshotOptions';

export const snapshotFlagsWithoutEtcd = defineRule({
  id: 'snapshot-flags-without-etcd',
  severity: 'warning',
  title: later`Options for etcd snapshots, but no embedded etcd`,
  rationale: `K3s takes snapshots of its embedded etcd only. With SQLite, an SQL database or an external etcd the options are accepted and do nothing, and \`k3s etcd-snapshot\` answers \`etcd datastore disabled\`. Whoever wrote them believes in back-ups that are not there: back up the database by its own means, and the server token with it.`,
  sources: [SOURCES.backup, SOURCES.etcdSnapshot],
  check: (context) => {
    const what = kindWithoutEtcd(context);
    if (what === undefined) return [];
    return strayOptions(context).map(({ name, path }) => ({
      ...firstPlace(context.document, key(path)),
      message: say`${name} has no effect: K3s takes snapshots of embedded etcd only, and this cluster keeps its data in ${what}. Back that up by its own means.`,
      related: [{ ...datastorePlace(context), message: say`The datastore.` }],
      data: { name },
    }));
  },
  fix: (context, finding): readonly Fix[] => {
    const { document } = context;
    const stray = strayOptions(context);
    // Without any datastore in the file, the snapshots may have been meant, and the datastore forgotten.
    const safe = datastoreKind(context.cluster) === 'external';
    const all = stray.map(
      ({ path }) =>
        (current: ClusterDocument) =>
          removeEntry(current, path),
    );
    const one: Fix = {
      title: say`Remove ${finding.data?.['name'] ?? 'it'}`,
      edits: removeEntry(document, finding.path),
      safe,
    };
    return stray.length < 2
      ? [one]
      : [
          one,
          {
            title: say`Remove all ${stray.length} options for etcd snapshots`,
            edits: inSequence(document, ...all),
            safe: false,
          },
        ];
  },
});

function strayOptions(context: RuleContext) {
  return writtenOptions(context).filter(({ role, name }) => role === 'server' && isSnapshotOption(name));
}

/** Where the data is instead; `undefined` when snapshots work, or when the datastore is in doubt anyway. */
function kindWithoutEtcd(context: RuleContext): string | undefined {
  const { cluster } = context;
  const kind = datastoreKind(cluster);
  if (kind === 'embedded-etcd') return undefined;
  const drivers = writtenEndpoints(context).map(({ parsed }) => parsed.driver);
  // The experimental drivers of kine use some of the options; an unknown scheme is another finding.
  if (drivers.includes('other') || drivers.includes(undefined)) return undefined;
  if (kind === 'sqlite') return cluster.servers.length > 1 ? undefined : 'SQLite';
  if (drivers.includes('mysql')) return 'MySQL';
  if (drivers.includes('postgres')) return 'PostgreSQL';
  return drivers.includes('etcd') ? say`an external etcd` : say`an external datastore`;
}
