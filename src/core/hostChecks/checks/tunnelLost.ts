import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { nodesOf } from '../../cluster/roles';
import { defineHostCheck, type HostReport } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const tunnelLost = defineHostCheck({
  id: 'tunnel-lost',
  severity: 'warning',
  title: later`A server has lost its tunnel to a node`,
  rationale: `Each node keeps a tunnel to every server, and a server reaches the kubelet of the node by its own alone. After a short fault of the network, or when servers were started seconds apart, a node may hold no tunnel to one server and not know it: all is Ready, and kubectl logs and exec fail whenever they come through that server ("failed to find Session for client", 502). Each server is asked for the kubelet of every node; a node that no server reaches has another trouble and is not told here.`,
  sources: [DOCUMENTS.tunnelReport],
  judge: ({ cluster, facts, tunnels }) => {
    if (tunnels === undefined) return [];
    return nodesOf(cluster).flatMap((node): HostReport[] => {
      const name = node.name?.toLowerCase() ?? facts.get(node.id)?.hostname.toLowerCase() ?? node.id;
      const asked = [...tunnels].filter(([, answers]) => answers.has(name));
      const without = asked.filter(([, answers]) => answers.get(name) !== undefined);
      const through = asked.filter(([, answers]) => answers.get(name) === undefined).map(([id]) => id);
      const [first] = without;
      if (first === undefined || through.length === 0) return [];
      const servers = listed(without.map(([id]) => id));
      return [
        {
          machine: node.id,
          message: say`${servers} ${without.length === 1 ? 'has' : 'have'} no tunnel to ${node.id}, and ${listed(through)} ${through.length === 1 ? 'has' : 'have'}: logs and exec of its pods fail through ${servers} ("${first[1].get(name)}").`,
          nextSteps: [
            say`Restart K3s on ${node.id} alone; until then ask through ${through[0]}, as "k3s-ha logs" does over SSH.`,
          ],
        },
      ];
    });
  },
});
