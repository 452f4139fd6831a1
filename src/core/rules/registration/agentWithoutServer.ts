import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key } from '../reading/places';
import { PLACEHOLDER_ADDRESS } from '../reading/placeholders';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { writtenText } from '../../cluster/written';

export const agentWithoutServer = defineRule({
  id: 'agent-without-server',
  severity: 'error',
  title: later`Agents have nothing to register at`,
  rationale: `An agent needs the address of a server, or better a fixed address in front of all servers. It follows from \`loadBalancer\` or from the list of servers; a file with neither leaves the agents alone, and K3s stops with \`--server is required\`.`,
  sources: [SOURCES.agentOptions, SOURCES.architecture],
  check: ({ cluster, document }) => {
    if (
      cluster.servers.length > 0 ||
      cluster.loadBalancer !== undefined ||
      cluster.k3s.install.env['K3S_URL'] !== undefined
    )
      return [];
    const lacking = cluster.agents.filter((agent) => writtenText(agent, 'server') === undefined);
    if (lacking.length === 0) return [];
    return [
      {
        ...firstPlace(document, key(['agents', 'nodes']), key(['agents'])),
        message: say`${nodeLabels(lacking)} ${lacking.length === 1 ? 'has' : 'have'} no server to register at: the file names neither servers nor a load balancer, and K3s stops with "--server is required".`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Add the fixed address of the cluster (replace ${PLACEHOLDER_ADDRESS})`,
      edits: setValue(document, ['loadBalancer'], { address: PLACEHOLDER_ADDRESS }),
      safe: false,
    },
  ],
});
