import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, serverListPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { networksOf } from '../reading/networks';
import { writtenList } from '../../cluster/written';

/** Kubernetes hands every node a /24 unless told otherwise. */
const NODE_PREFIX = 24;
const WIDE = '10.128.0.0/12';

export const clusterCidrTooSmall = defineRule({
  id: 'cluster-cidr-too-small',
  severity: 'error',
  title: 'More nodes than the pod network has room for',
  rationale: `Every node gets a /24 of the pod network for its pods, so the default \`10.42.0.0/16\` serves 256 nodes. The next one joins and never becomes Ready: \`CIDRNotAvailable\`. The network cannot be changed once the cluster exists.`,
  sources: [SOURCES.requirements, SOURCES.network],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    const nodes = cluster.servers.length + cluster.agents.length;
    if (
      first === undefined ||
      writtenList(first, 'kube-controller-manager-arg').some((argument) => argument.startsWith('node-cidr-mask-size'))
    )
      return [];
    const pods = networksOf(context, first).find(({ kind, cidr }) => kind === 'pod' && cidr.family === 4);
    const room = pods === undefined ? Infinity : 2 ** Math.max(0, NODE_PREFIX - pods.cidr.prefix);
    if (pods === undefined || nodes <= room) return [];
    return [
      {
        ...(pods.path === undefined ? serverListPlace(document) : firstPlace(document, value(pods.path))),
        message: `The pod network ${pods.text} has room for ${room} ${room === 1 ? 'node' : 'nodes'} (a /24 each), and there are ${nodes}: the others never become Ready. It cannot be changed once the cluster exists.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: `Use cluster-cidr: ${WIDE} (4,096 nodes; for a new cluster)`,
      edits: setValue(document, ['servers', 'config', 'cluster-cidr'], WIDE),
      safe: false,
    },
  ],
});
