import { later, say } from '../../base/say';
import { removeEntry } from '../../document/edit';
import type { ClusterDocument } from '../../document/clusterDocument';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { byEntry } from '../reading/snapshotOptions';
import { etcdMembers } from '../../cluster/roles';
import { isWrittenOn } from '../../cluster/written';

const OPTION = 'etcd-disable-snapshots';

export const snapshotsDisabled = defineRule({
  id: 'snapshots-disabled',
  severity: 'warning',
  title: later`No server takes snapshots of etcd`,
  rationale: `K3s saves embedded etcd every twelve hours on every server and keeps the last five snapshots. They are what is left when the quorum is lost for good, or when someone deletes the wrong namespace: copies of a database do not help against that. Switched off everywhere, there is nothing to restore from.

One server that takes snapshots is enough for the rule.`,
  sources: [SOURCES.etcdSnapshot, SOURCES.backup],
  check: (context) => {
    const members = etcdMembers(context.cluster);
    if (members.length === 0 || !members.every((server) => isWrittenOn(server, OPTION))) return [];
    const [first, ...others] = byEntry(context, members, OPTION);
    if (first === undefined) return [];
    return [
      {
        ...firstPlace(context.document, key(first.path)),
        message: say`${nodeLabels(members)} ${members.length === 1 ? 'takes' : 'take'} no snapshots: if etcd loses its quorum, or something is deleted by mistake, there is nothing to restore the cluster from.`,
        related: others.slice(0, 10).map(({ path, servers }) => ({
          ...firstPlace(context.document, key(path)),
          message: say`Switched off on ${nodeLabels(servers)}.`,
        })),
      },
    ];
  },
  fix: (context) => {
    const entries = byEntry(context, etcdMembers(context.cluster), OPTION);
    const steps = entries.map(
      ({ path }) =>
        (current: ClusterDocument) =>
          removeEntry(current, path),
    );
    return [
      {
        title: say`Remove ${OPTION} (a snapshot every twelve hours)`,
        edits: inSequence(context.document, ...steps),
        safe: false,
      },
    ];
  },
});
