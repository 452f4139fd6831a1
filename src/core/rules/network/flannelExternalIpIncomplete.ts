import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { isPublicAddress } from '../../k3s/addressSpace';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, isOwnEntry, key, optionPaths } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { nodesOf } from '../../cluster/roles';
import { isWrittenOn, writtenList } from '../../cluster/written';

export const flannelExternalIpIncomplete = defineRule({
  id: 'flannel-external-ip-incomplete',
  severity: 'error',
  title: later`Nodes without the external address that flannel is to use`,
  rationale: `With \`flannel-external-ip\` the nodes build their tunnels between external addresses. A node without \`node-external-ip\` has none to offer: its pods are cut off from those of all others.`,
  sources: [SOURCES.multicloud],
  check: (context) => {
    const { cluster, document } = context;
    const on = cluster.servers.find((server) => isWrittenOn(server, 'flannel-external-ip'));
    const lacking = nodesWithout(context);
    if (on === undefined || lacking.length === 0) return [];
    return [
      {
        ...firstPlace(document, ...optionPaths(context, on, 'flannel-external-ip').map(key)),
        message: say`flannel is to use external addresses, and ${nodeLabels(lacking)} ${lacking.length === 1 ? 'has' : 'have'} no node-external-ip: pods there cannot reach pods on other nodes.`,
      },
    ];
  },
  fix: (context) => {
    const known = nodesWithout(context).filter(
      (node) => isPublicAddress(node.host) && isOwnEntry(context.cluster, node),
    );
    if (known.length === 0 || known.length < nodesWithout(context).length) return [];
    const edits = inSequence(
      context.document,
      ...known.map(
        (node) => (current: ClusterDocument) =>
          setValue(current, [...node.path, 'config', 'node-external-ip'], node.host),
      ),
    );
    return [{ title: say`Use the host addresses of ${nodeLabels(known)}`, edits, safe: false }];
  },
});

function nodesWithout({ cluster }: RuleContext): readonly ClusterNode[] {
  return nodesOf(cluster).filter((node) => writtenList(node, 'node-external-ip').length === 0);
}
