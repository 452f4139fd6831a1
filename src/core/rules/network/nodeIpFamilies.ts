import { later, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import { apiServers, nodesOf } from '../../cluster/roles';
import { writtenList, writtenText } from '../../cluster/written';
import { setValue } from '../../document/edit';
import { addressFamily } from '../../k3s/cidr';
import type { RuleContext } from '../rule';
import { defineRule, type Report } from '../reading/defineRule';
import { firstPlace, isOwnEntry, nodeByKey, nodeKey, optionPaths, value } from '../reading/places';
import { networkFamilies } from '../reading/networks';
import { SOURCES } from '../reading/sources';
import { nodeLabel } from '../reading/words';

export const nodeIpFamilies = defineRule({
  id: 'node-ip-families',
  severity: 'error',
  title: later`The addresses of a node are of other IP versions than the networks`,
  rationale: `A node needs one address of each IP version that the pod network has: with networks for IPv4 and IPv6 a \`node-ip\` of one address stops K3s, on servers and on agents (\`cluster-cidr: … and node-ip: …, must share the same IP version\`). Left out, K3s finds both addresses by itself.

On a server the order counts as well. The API advertises its first address, and the API server stops when that is of another version than the first service network: \`service IP family … must match public address family\`.`,
  sources: [SOURCES.network, SOURCES.agentOptions],
  check: (context) => {
    const { cluster } = context;
    const [first] = cluster.servers;
    const pods = first === undefined ? undefined : networkFamilies(first, 'cluster-cidr');
    const services = first === undefined ? undefined : networkFamilies(first, 'service-cidr');
    if (pods === undefined || services === undefined) return [];
    const serving = new Set(apiServers(cluster));
    return nodesOf(cluster).flatMap((node): Report[] => {
      const families = writtenList(node, 'node-ip').map(addressFamily);
      if (families.length === 0 || families.includes(undefined)) return [];
      const at = firstPlace(context.document, ...optionPaths(context, node, 'node-ip').map(value));
      const missing = pods.find((family) => !families.includes(family));
      if (missing !== undefined)
        return [
          {
            ...at,
            message: say`node-ip of ${nodeLabel(node)} has no IPv${missing} address, and the pod network ${pods.length > 1 ? say`is IPv4 and IPv6` : say`is IPv${missing}`}: K3s stops there with "cluster-cidr and node-ip must share the same IP version". ${pods.length > 1 ? say`Write one address of each, or leave node-ip out.` : say`Write its IPv${missing} address.`}`,
          },
        ];
      const advertised = serving.has(node) ? addressFamily(advertisedAddress(node)) : undefined;
      if (advertised === undefined || advertised === services[0]) return [];
      return [
        {
          ...at,
          message: say`${nodeLabel(node)} would advertise its IPv${advertised} address, and the first service network is IPv${services[0] ?? 4}: the API server stops with "service IP family must match public address family". The IPv${services[0] ?? 4} address has to come first.`,
          data: { node: nodeKey(node) },
        },
      ];
    });
  },
  fix: (context, finding) => {
    const node = nodeByKey(context.cluster, finding.data?.['node']);
    if (node === undefined || !isOwnEntry(context.cluster, node) || isAdvertisedOtherwise(node)) return [];
    const wanted = [...writtenList(node, 'node-ip')].reverse().join(',');
    return [{ title: say`Write node-ip: ${wanted}`, edits: orderEdits(context, node, wanted), safe: true }];
  },
});

function orderEdits({ document }: RuleContext, node: ClusterNode, wanted: string) {
  return setValue(document, [...node.path, 'config', 'node-ip'], wanted);
}

/** What the API server tells as its address. https://docs.k3s.io/cli/server#listeners */
function advertisedAddress(node: ClusterNode): string {
  return (
    writtenText(node, 'advertise-address') ??
    writtenList(node, 'node-external-ip')[0] ??
    writtenList(node, 'node-ip')[0] ??
    ''
  );
}

function isAdvertisedOtherwise(node: ClusterNode): boolean {
  return writtenText(node, 'advertise-address') !== undefined || writtenList(node, 'node-external-ip').length > 0;
}
