import type { Fix } from '../rule';
import { setValue } from '../../document/edit';
import { hasToken } from '../support/datastore';
import { defineRule } from '../support/defineRule';
import { firstPlace, key } from '../support/places';
import { scalarText } from '../support/read';
import { SOURCES } from '../support/sources';
import { hasTokenSource, newTokenReference } from '../support/tokens';
import { nodeLabels } from '../support/words';

export const agentWithoutToken = defineRule({
  id: 'agent-without-token',
  severity: 'error',
  title: 'Agents have no token to join with',
  rationale: `An agent shows a token when it joins: the cluster's, or the agent token where the servers have one. Without it K3s stops with \`--token is required\`. A server that is told no token makes one up, which no other machine knows.`,
  sources: [SOURCES.agentOptions, SOURCES.token],
  check: ({ cluster, document }) => {
    const lacking = cluster.agents.filter((agent) => !hasTokenSource(cluster, agent));
    // Several servers without a token have findings of their own, whose fix serves the agents too.
    if (lacking.length === 0 || (cluster.servers.length > 1 && !hasToken(cluster))) return [];
    return [
      {
        ...firstPlace(document, key(['agents', 'nodes']), key(['agents'])),
        message: `${nodeLabels(lacking)} ${lacking.length === 1 ? 'has' : 'have'} no token, so K3s stops there with "--token is required".`,
      },
    ];
  },
  fix: ({ cluster, document }): readonly Fix[] => {
    const known = cluster.servers.map((server) => scalarText(server.config['agent-token']) ?? scalarText(server.config['token'])).find((token) => token !== undefined);
    if (known !== undefined) return [{ title: "Give the agents the servers' token", edits: setValue(document, ['agents', 'config', 'token'], known), safe: true }];
    const reference = newTokenReference(cluster);
    return [{ title: `Add token: ${reference}`, edits: setValue(document, ['token'], reference), safe: true }];
  },
});
