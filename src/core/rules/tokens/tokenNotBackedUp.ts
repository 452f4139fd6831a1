import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { newTokenReference } from '../reading/tokens';
import { removeOption } from '../reading/optionEdits';
import { writtenText } from '../../cluster/written';

export const tokenNotBackedUp = defineRule({
  id: 'token-not-backed-up',
  severity: 'info',
  title: later`The token exists on the servers only`,
  rationale: `A snapshot or a database backup cannot be restored without the token that it was made with: the keys in it are encrypted. When the token stands in a file on the servers and nowhere else, it is lost together with them.`,
  sources: [SOURCES.backup, SOURCES.token],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    if (first === undefined || cluster.servers.length < 2 || cluster.token !== undefined) return [];
    if (
      !cluster.servers.every(
        (server) => writtenText(server, 'token-file') !== undefined && writtenText(server, 'token') === undefined,
      )
    )
      return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, first, 'token-file').map(value)),
        message: say`The token stands in ${writtenText(first, 'token-file') ?? ''} on the servers and nowhere else. Without it no snapshot or backup of this cluster can be restored: keep a copy, or keep it as a secret of K3s HA.`,
      },
    ];
  },
  fix: (context) => {
    const { cluster, document } = context;
    const reference = newTokenReference(cluster);
    const places = [
      ...new Map(
        cluster.servers
          .flatMap((server) => optionPaths(context, server, 'token-file'))
          .map((path) => [path.join('\u0000'), path]),
      ).values(),
    ];
    const edits = inSequence(
      document,
      (current) => setValue(current, ['token'], reference),
      ...places.map((path) => (current: ClusterDocument) => removeOption(current, path)),
    );
    return [{ title: say`Keep it as ${reference} (store the present token under this name)`, edits, safe: false }];
  },
});
