import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { nodesOf } from '../../cluster/roles';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { lostTunnels } from '../reading/lostTunnels';

export const tunnelLost = defineHostCheck({
  id: 'tunnel-lost',
  severity: 'warning',
  title: later`A server has lost its tunnel to a node`,
  rationale: `Each node keeps a tunnel to every server, and a server reaches the kubelet of the node by its own alone. After a short fault of the network, or when servers were started seconds apart, a node may hold no tunnel to one server and not know it: all is Ready, and kubectl logs and exec fail whenever they come through that server ("failed to find Session for client", 502). Each server is asked for the kubelet of every node; a node that no server reaches has another trouble and is not told here, unless a server says itself that it has no session. Every operation that restarts K3s asks so at its end, and restarts the K3s of an agent that lacks a tunnel.`,
  sources: [DOCUMENTS.tunnelReport],
  judge: ({ cluster, facts, tunnels }) => {
    if (tunnels === undefined) return [];
    const nameOf = (node: { readonly id: string; readonly name?: string }): string =>
      node.name?.toLowerCase() ?? facts.get(node.id)?.hostname.toLowerCase() ?? node.id;
    return lostTunnels(nodesOf(cluster), nameOf, tunnels).map(({ node, without, through, words }) => {
      const servers = listed(without);
      return through.length === 0
        ? {
            machine: node.id,
            message: say`${servers} ${without.length === 1 ? 'has' : 'have'} no tunnel to ${node.id}: logs and exec of its pods fail ("${words}").`,
            nextSteps: [say`Restart K3s on ${node.id} alone.`],
          }
        : {
            machine: node.id,
            message: say`${servers} ${without.length === 1 ? 'has' : 'have'} no tunnel to ${node.id}, and ${listed(through)} ${through.length === 1 ? 'has' : 'have'}: logs and exec of its pods fail through ${servers} ("${words}").`,
            nextSteps: [
              say`Restart K3s on ${node.id} alone; until then ask through ${through[0]}, as "k3s-ha logs" does over SSH.`,
            ],
          };
    });
  },
});
