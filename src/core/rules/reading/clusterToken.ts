import { say } from '../../base/say';
import type { Path } from '../../base/path';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, setValue } from '../../document/edit';
import type { Fix, RuleContext } from '../rule';
import { inSequence } from '../../document/inSequence';
import { optionPathsOf, removeOption } from './optionEdits';
import { valueAt } from './read';
import { newTokenReference } from './tokens';
import { nodeLabels } from './words';
import { scalarText } from '../../cluster/configValue';
import { writtenText } from '../../cluster/written';

const OF_AGENTS: Path = ['agents', 'config', 'token'];

/**
 * Gives the cluster one token: the one that the file holds somewhere already, else a new secret.
 * `running` names the token that machines have already, e.g. "the token of the first server": then the user has to look.
 */
export function giveClusterToken(context: RuleContext, running?: string): readonly Fix[] {
  const { cluster, document } = context;
  const having = cluster.servers.filter((server) => writtenText(server, 'token') !== undefined);
  const tokens = new Set(having.map((server) => writtenText(server, 'token')));
  const [token] = tokens;
  if (tokens.size > 1) return [];
  if (token !== undefined) {
    const removing = optionPathsOf(context, having, 'token').map(
      (path) => (current: ClusterDocument) => removeOption(current, path),
    );
    const edits = inSequence(document, ...removing, (current) => setValue(current, ['token'], token));
    return [
      {
        title: say`Make the token of ${nodeLabels(having)} the token of the cluster`,
        edits,
        safe: running === undefined,
      },
    ];
  }
  const agentToken = scalarText(valueAt(document.data, OF_AGENTS));
  if (agentToken !== undefined) {
    const edits = inSequence(
      document,
      (current) => setValue(current, ['token'], agentToken),
      (current) => removeEntry(current, OF_AGENTS),
    );
    return [{ title: say`Make the agents' token the token of the cluster`, edits, safe: running === undefined }];
  }
  const reference = newTokenReference(cluster);
  const edits = setValue(document, ['token'], reference);
  const onHosts = cluster.servers.some((server) => writtenText(server, 'token-file') !== undefined);
  const present = running ?? (onHosts ? say`the servers' present token` : undefined);
  return [
    {
      title: say`Add token: ${reference}${present === undefined ? '' : say` (store ${present} under this name)`}`,
      edits,
      safe: present === undefined,
    },
  ];
}
