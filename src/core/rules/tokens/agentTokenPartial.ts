import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { hoistOption } from '../reading/hoist';
import { execArguments, hasVariable } from '../reading/installer';
import { firstPlace, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { writtenText } from '../../cluster/written';

export const agentTokenPartial = defineRule({
  id: 'agent-token-partial',
  severity: 'warning',
  title: later`Only some servers know the agent token`,
  rationale: `An agent may register at any server. A server without the agent token refuses agents that come with it, so joining works or fails depending on where the load balancer sends them.`,
  sources: [SOURCES.token, SOURCES.serverOptions],
  check: (context) => {
    const { cluster, document } = context;
    if (
      hasVariable(cluster, 'K3S_AGENT_TOKEN', 'K3S_AGENT_TOKEN_FILE') ||
      execArguments(cluster, ['agent-token', 'agent-token-file']).length > 0
    )
      return [];
    const knows = (server: (typeof cluster.servers)[number]) =>
      writtenText(server, 'agent-token') !== undefined || writtenText(server, 'agent-token-file') !== undefined;
    const having = cluster.servers.filter(knows);
    const lacking = cluster.servers.filter((server) => !knows(server));
    const [first] = having;
    if (first === undefined || lacking.length === 0) return [];
    return [
      {
        ...firstPlace(
          document,
          ...[...optionPaths(context, first, 'agent-token'), ...optionPaths(context, first, 'agent-token-file')].map(
            key,
          ),
        ),
        message: say`${nodeLabels(lacking)} ${lacking.length === 1 ? 'does' : 'do'} not know the agent token of ${nodeLabels(having)}: agents that register there are refused with "not authorized".`,
      },
    ];
  },
  fix: (context) => {
    const first = context.cluster.servers.find((server) => writtenText(server, 'agent-token') !== undefined);
    return first === undefined
      ? []
      : [
          {
            title: say`Give all servers the agent token`,
            edits: hoistOption(context, 'agent-token', first),
            safe: true,
          },
        ];
  },
});
