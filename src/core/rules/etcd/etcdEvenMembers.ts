import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { isOwnEntry, serverListPlace } from '../reading/places';
import { addServers, removeServer } from '../reading/serverEntries';
import { SOURCES } from '../reading/sources';
import { nodeLabel, nodeLabels } from '../reading/words';
import { etcdMembers } from '../../cluster/roles';

export const etcdEvenMembers = defineRule({
  id: 'etcd-even-members',
  severity: 'warning',
  title: later`Embedded etcd with an even number of members`,
  rationale: `etcd needs more than half of its members. Four need three and so survive the loss of one, exactly like three; the fourth only adds another machine that can fail and another copy of every write. Three, five or seven members are the useful numbers.

A server can stay without being a member: \`disable-etcd: true\` makes it a control-plane server only.`,
  sources: [SOURCES.haEmbedded, SOURCES.serverRoles],
  check: ({ cluster, document }) => {
    const members = etcdMembers(cluster);
    const count = members.length;
    if (count < 4 || count % 2 === 1) return [];
    const survives = count / 2 - 1;
    return [
      {
        ...serverListPlace(document),
        message: say`${nodeLabels(members)} make ${count} etcd members: they survive the loss of ${survives}, as ${count - 1} would, and ${count + 1} would survive ${survives + 1}.`,
      },
    ];
  },
  fix: (context): readonly Fix[] => {
    const { cluster, document } = context;
    const members = etcdMembers(cluster);
    const last = members[members.length - 1];
    const role: readonly Fix[] =
      last === undefined || !isOwnEntry(cluster, last)
        ? []
        : [
            {
              title: say`Keep ${nodeLabel(last)} out of etcd (disable-etcd)`,
              edits: setValue(document, [...last.path, 'config', 'disable-etcd'], true),
              safe: false,
            },
          ];
    return [
      addServers(context, 1, { embeddedEtcd: true }),
      ...removeServer(context, last, say`${members.length - 1} members survive as much`),
      ...role,
    ];
  },
});
