import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { isOwnEntry, serverListPlace } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { etcdMembers } from '../../cluster/roles';

const ENOUGH = 5;

export const etcdManyMembers = defineRule({
  id: 'etcd-many-members',
  severity: 'info',
  title: later`More etcd members than help`,
  rationale: `Every write goes to all members and waits for more than half of them. Three members survive the loss of one, five the loss of two; more make writes slower and rarely the cluster safer. Further control-plane servers can do without etcd: \`disable-etcd\`.`,
  sources: [SOURCES.haEmbedded, SOURCES.serverRoles],
  check: ({ cluster, document }) => {
    const members = etcdMembers(cluster);
    // An even number is a finding of its own.
    if (members.length <= ENOUGH || members.length % 2 === 0) return [];
    return [
      {
        ...serverListPlace(document),
        message: say`${members.length} etcd members: every write waits for ${Math.floor(members.length / 2) + 1} of them. Five survive the loss of two; let ${nodeLabels(members.slice(ENOUGH))} do without etcd.`,
      },
    ];
  },
  fix: ({ cluster, document }) => {
    const extra = etcdMembers(cluster).slice(ENOUGH);
    if (!extra.every((server) => isOwnEntry(cluster, server))) return [];
    const edits = inSequence(
      document,
      ...extra.map(
        (server) => (current: ClusterDocument) => setValue(current, [...server.path, 'config', 'disable-etcd'], true),
      ),
    );
    return [{ title: say`Keep etcd off ${nodeLabels(extra)}`, edits, safe: false }];
  },
});
