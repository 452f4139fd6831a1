import { later, say } from '../../base/say';
import { apiPort } from '../../cluster/options';
import { nodesOf } from '../../cluster/roles';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { isInstalled } from '../reading/installed';

export const portInUse = defineHostCheck({
  id: 'port-in-use',
  severity: 'error',
  title: later`Another program has a port of K3s`,
  rationale: `K3s does not start when another program listens on one of its ports. Often that is a Kubernetes that somebody forgot there.`,
  sources: [DOCUMENTS.requirements],
  judge: ({ cluster, facts }) =>
    nodesOf(cluster).flatMap((node) => {
      const seen = facts.get(node.id);
      if (seen === undefined || isInstalled(node, seen)) return [];
      const own = [apiPort(cluster, node), ...(cluster.datastore.type === 'embedded-etcd' ? [2379, 2380] : [])];
      return [...(node.role === 'server' ? own : []), 10_250]
        .filter((port) => seen.listeningPorts.includes(port))
        .map((port) => ({
          machine: node.id,
          message: say`Port ${port} is already in use on ${node.id}; K3s would stop with "bind: address already in use"`,
          nextSteps: [say`Find the program with "ss -lntp | grep :${port}" and stop it.`],
        }));
    }),
});
