import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { isPublicAddress, privateRange } from '../../k3s/addressSpace';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, hostPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { talksThroughVpn } from '../reading/vpn';
import { nodeLabels } from '../reading/words';
import { isWrittenOn, writtenList, writtenText } from '../../cluster/written';

export const advertiseUnreachable = defineRule({
  id: 'advertise-unreachable',
  severity: 'warning',
  title: later`Agents outside the private network of the servers`,
  rationale: `A load balancer in front of the servers serves an agent only until it has joined. Then the agent's own load balancer learns the addresses that the servers advertise and goes there directly. When these are private and the agent is somewhere else, it falls back to the fixed address every time, or loses the cluster.

Give the servers an address that agents reach (\`advertise-address\` or \`node-external-ip\`), or let the agents stay with the fixed address (\`disable-apiserver-lb\`).`,
  sources: [SOURCES.architecture, SOURCES.agentOptions],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    if (first === undefined || !cluster.servers.every((server) => privateRange(advertised(server)) !== undefined))
      return [];
    const outside = cluster.agents.filter(
      (agent) =>
        isPublicAddress(agent.address) &&
        isPublicAddress(agent.host) &&
        !isWrittenOn(agent, 'disable-apiserver-lb') &&
        !talksThroughVpn(agent),
    );
    const [agent] = outside;
    if (agent === undefined) return [];
    return [
      {
        ...hostPlace(document, agent),
        message: say`${nodeLabels(outside)} ${outside.length === 1 ? 'is' : 'are'} outside the private network of the servers, and agents talk to servers directly at the addresses that these advertise (${advertised(first)} …). The load balancer helps only until they have joined.`,
        related: optionPaths(context, first, 'advertise-address').map((path) => ({
          ...firstPlace(document, value(path)),
          message: say`The address that agents are told.`,
        })),
      },
    ];
  },
  fix: ({ cluster, document }): readonly Fix[] =>
    cluster.loadBalancer === undefined
      ? []
      : [
          {
            title: say`Let all agents stay with the fixed address (disable-apiserver-lb)`,
            edits: setValue(document, ['agents', 'config', 'disable-apiserver-lb'], true),
            safe: false,
          },
        ],
});

/** What K3s tells the agents: https://docs.k3s.io/cli/server#listeners */
function advertised(server: ClusterNode): string {
  return writtenText(server, 'advertise-address') ?? writtenList(server, 'node-external-ip')[0] ?? server.address;
}
