import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { ownerOf, parseServerUrl } from '../reading/addresses';
import { datastoreKind } from '../reading/datastore';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { PLACEHOLDER_ADDRESS } from '../reading/placeholders';
import { firstPlace, hostPlace, key, value, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { sanSteps } from '../reading/tlsSan';
import { nodeLabel, nodeLabels } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { httpsUrl } from '../../cluster/registration';
import { scalarText } from '../../cluster/configValue';
import { writtenText } from '../../cluster/written';

export const agentSingleRegistration = defineRule({
  id: 'agent-single-registration',
  severity: 'warning',
  title: later`Agents register through one server only`,
  rationale: `An agent needs one address to join. After that it learns all servers and keeps their addresses on its disk, so a running cluster survives the loss of that one server — but as long as the server is down no new agent can join, and an agent that lost its local state cannot come back.

A fixed registration address (a layer-4 load balancer, a virtual IP or a DNS name that lists every server) takes this single point of failure away, and is the address to use for \`kubectl\` as well.`,
  sources: [SOURCES.ha, SOURCES.architecture],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length < 2 || cluster.agents.length === 0 || datastoreKind(cluster) === 'sqlite') return [];
    const pinned = pinnedOptions(context);
    const first = cluster.servers[0];
    if (pinned.length > 0 || cluster.loadBalancer !== undefined || first === undefined) return pinned;
    const free = cluster.agents.filter((agent) => writtenText(agent, 'server') === undefined);
    if (free.length === 0) return [];
    return [
      {
        ...firstPlace(document, key(['agents', 'nodes']), key(['agents'])),
        message: say`There is no loadBalancer, so ${nodeLabels(free)} ${free.length === 1 ? 'registers' : 'register'} through ${withAddress(first, first.address)} only: while it is down no agent can join, although ${nodeLabels(cluster.servers.slice(1))} still ${cluster.servers.length === 2 ? 'runs' : 'run'}.`,
        related: [{ ...hostPlace(document, first), message: say`The only server that the agents know at first.` }],
      },
    ];
  },
  fix: (context, finding): readonly Fix[] => {
    const { cluster, document } = context;
    const balancer = cluster.loadBalancer;
    if (balancer !== undefined) {
      return [
        {
          title: say`Remove "server", so that the agents register at ${httpsUrl(balancer.address, balancer.port)}`,
          edits: removeOption(document, finding.path),
          safe: true,
        },
      ];
    }
    const option =
      finding.data?.['option'] === 'server' ? [(current: ClusterDocument) => removeOption(current, finding.path)] : [];
    return [
      {
        title: say`Add a load balancer (replace ${PLACEHOLDER_ADDRESS} by its address)`,
        edits: inSequence(
          document,
          (current) =>
            setValue(current, ['loadBalancer'], { address: PLACEHOLDER_ADDRESS, port: 6443, type: 'external' }),
          ...sanSteps(cluster, PLACEHOLDER_ADDRESS),
          ...option,
        ),
        safe: false,
      },
    ];
  },
});

/** A machine that is called by its address is named once. */
function withAddress(server: ClusterNode, address: string): string {
  const label = nodeLabel(server);
  return label === address ? label : `${label} (${address})`;
}

/** `server:` written for agents that names one of the servers themselves. */
function pinnedOptions(context: RuleContext): readonly Report[] {
  const { cluster, document } = context;
  const balancer = cluster.loadBalancer;
  return writtenOptions(context).flatMap((option): Report[] => {
    const url = scalarText(option.value);
    const host = url === undefined ? undefined : parseServerUrl(url)?.host;
    if (option.role !== 'agent' || option.name !== 'server' || host === undefined || option.nodes.length === 0)
      return [];
    const server = ownerOf(cluster.servers, host);
    if (server === undefined) return [];
    const remedy = balancer === undefined ? '' : say` The load balancer ${balancer.address} stands ready for this.`;
    return [
      {
        ...firstPlace(document, value(option.path)),
        message: say`${nodeLabels(option.nodes)} ${option.nodes.length === 1 ? 'registers' : 'register'} through ${withAddress(server, host)} only: while it is down no agent can join, although the other servers still run.${remedy}`,
        related: [{ ...hostPlace(document, server), message: say`${host} is ${nodeLabel(server)} itself.` }],
        data: { option: 'server' },
      },
    ];
  });
}
