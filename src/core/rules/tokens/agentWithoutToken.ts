import { later, say } from '../../base/say';
import type { Fix } from '../rule';
import { setValue } from '../../document/edit';
import { hasToken } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { withoutToken } from '../reading/tokens';
import { nodeLabels } from '../reading/words';
import { giveClusterToken } from '../reading/clusterToken';
import { writtenText } from '../../cluster/written';

export const agentWithoutToken = defineRule({
  id: 'agent-without-token',
  severity: 'error',
  title: later`Agents have no token to join with`,
  rationale: `An agent shows a token when it joins: the cluster's, or the agent token where the servers have one. Without it K3s stops with \`--token is required\`. A server that is told no token makes one up, which no other machine knows.`,
  sources: [SOURCES.agentOptions, SOURCES.token],
  check: ({ cluster, document }) => {
    const lacking = withoutToken(cluster, cluster.agents);
    // Several servers without a token have findings of their own, whose fix serves the agents too.
    if (lacking.length === 0 || (cluster.servers.length > 1 && !hasToken(cluster))) return [];
    return [
      {
        ...firstPlace(document, key(['agents', 'nodes']), key(['agents'])),
        message: say`${nodeLabels(lacking)} ${lacking.length === 1 ? 'has' : 'have'} no token, so K3s stops there with "--token is required".`,
      },
    ];
  },
  fix: (context): readonly Fix[] => {
    const { cluster, document } = context;
    const known = cluster.servers
      .map((server) => writtenText(server, 'agent-token'))
      .find((token) => token !== undefined);
    if (known === undefined) return giveClusterToken(context);
    return [
      {
        title: say`Give the agents the servers' agent token`,
        edits: setValue(document, ['agents', 'config', 'token'], known),
        safe: hasReference(known),
      },
    ];
  },
});
