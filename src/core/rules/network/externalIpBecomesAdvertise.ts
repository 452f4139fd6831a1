import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { isPublicAddress, privateRange } from '../../k3s/addressSpace';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, isOwnEntry, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { apiServers } from '../../cluster/roles';
import { isWrittenOn, writtenList, writtenText } from '../../cluster/written';

export const externalIpBecomesAdvertise = defineRule({
  id: 'external-ip-becomes-advertise',
  severity: 'warning',
  title: later`Agents would reach the servers over their public addresses`,
  rationale: `Agents talk to servers at the address that those advertise. Left out, K3s takes the first \`node-external-ip\` before any other, so machines of one private network suddenly need the way out and back in through the provider's gateway, which is often closed. \`advertise-address\` keeps the traffic inside.`,
  sources: [SOURCES.serverOptions, SOURCES.architecture],
  check: (context) => {
    const concerned = concernedServers(context);
    const [first] = concerned;
    if (first === undefined) return [];
    const [external = ''] = writtenList(first, 'node-external-ip');
    return [
      {
        ...firstPlace(context.document, ...optionPaths(context, first, 'node-external-ip').map(value)),
        message: say`${nodeLabels(concerned)} will advertise ${concerned.length === 1 ? external : say`their external addresses`} to the agents, which share the private network with ${concerned.length === 1 ? 'it' : 'them'}. Set advertise-address to the private address (${first.address}).`,
      },
    ];
  },
  fix: (context) => {
    const own = concernedServers(context).filter((server) => isOwnEntry(context.cluster, server));
    const edits = inSequence(
      context.document,
      ...own.map(
        (server) => (current: ClusterDocument) =>
          setValue(current, [...server.path, 'config', 'advertise-address'], server.address),
      ),
    );
    return [
      {
        title: say`Advertise the private ${own.length === 1 ? 'address' : 'addresses'} of ${nodeLabels(own)}`,
        edits,
        safe: false,
      },
    ];
  },
});

function concernedServers({ cluster }: RuleContext): readonly ClusterNode[] {
  // Tunnels between external addresses are for machines without a common network.
  if (
    cluster.servers.some((server) => isWrittenOn(server, 'flannel-external-ip')) ||
    !cluster.agents.some((agent) => privateRange(agent.address) !== undefined)
  )
    return [];
  return apiServers(cluster).filter(
    (server) =>
      writtenList(server, 'node-external-ip').some(isPublicAddress) &&
      writtenText(server, 'advertise-address') === undefined &&
      privateRange(server.address) !== undefined,
  );
}
