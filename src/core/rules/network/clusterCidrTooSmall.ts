import { later, say } from '../../base/say';
import type { ClusterNode } from '../../cluster/cluster';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, serverListPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { networksOf } from '../reading/networks';
import { writtenList } from '../../cluster/written';

/** What Kubernetes hands to every node unless told otherwise. https://docs.k3s.io/networking/basic-network-options */
const NODE_PREFIX = { 4: 24, 6: 64 } as const;
const WIDE = { 4: '10.128.0.0/12', 6: 'fd00:42::/52' } as const;

export const clusterCidrTooSmall = defineRule({
  id: 'cluster-cidr-too-small',
  severity: 'error',
  title: later`More nodes than the pod network has room for`,
  rationale: `Every node gets a /24 of the pod network for its pods, and a /64 of one for IPv6, so the default \`10.42.0.0/16\` serves 256 nodes, and a \`fd00:42::/64\` a single one. \`kube-controller-manager-arg: [node-cidr-mask-size-ipv6=…]\` gives nodes less. The next one joins and never becomes Ready: \`CIDRNotAvailable\`. The network cannot be changed once the cluster exists.`,
  sources: [SOURCES.requirements, SOURCES.network],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    const nodes = cluster.servers.length + cluster.agents.length;
    if (first === undefined) return [];
    return networksOf(context, first)
      .filter(({ kind }) => kind === 'pod')
      .flatMap((pods) => {
        const mask = nodeMask(first, pods.cidr.family);
        const room = 2 ** Math.max(0, mask - pods.cidr.prefix);
        if (nodes <= room && mask >= pods.cidr.prefix) return [];
        const message =
          mask < pods.cidr.prefix
            ? say`The pod network ${pods.text} is smaller than the /${mask} that every node gets: the controller manager stops, and no node becomes Ready. It cannot be changed once the cluster exists.`
            : say`The pod network ${pods.text} has room for ${room} ${room === 1 ? 'node' : 'nodes'} (a /${mask} each), and there are ${nodes}: the others never become Ready. It cannot be changed once the cluster exists.`;
        const place = pods.path === undefined ? serverListPlace(document) : firstPlace(document, value(pods.path));
        return [{ ...place, message, data: { network: pods.text } }];
      });
  },
  fix: (context, finding) => {
    const [first] = context.cluster.servers;
    const networks = first === undefined ? [] : networksOf(context, first).filter(({ kind }) => kind === 'pod');
    const wanted = networks.map(({ text, cidr }) => (text === finding.data?.['network'] ? WIDE[cidr.family] : text));
    return [
      {
        title: say`Use cluster-cidr: ${wanted.join(',')} (4,096 nodes; for a new cluster)`,
        edits: setValue(context.document, ['servers', 'config', 'cluster-cidr'], wanted.join(',')),
        safe: false,
      },
    ];
  },
});

/** The size of what a node gets, as the controller manager is told. */
function nodeMask(server: ClusterNode, family: 4 | 6): number {
  const names = [`node-cidr-mask-size-ipv${family}`, 'node-cidr-mask-size'];
  const told = writtenList(server, 'kube-controller-manager-arg').map((argument) => argument.split('='));
  const size = names.flatMap((name) => told.filter(([option]) => option === name).map(([, text]) => Number(text)))[0];
  return size === undefined || Number.isNaN(size) ? NODE_PREFIX[family] : size;
}
