import { later, say } from '../../base/say';
import { sameAddress } from '../../k3s/cidr';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { parseServerUrl } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { optionPathsOf, removeAll } from '../reading/optionEdits';
import { firstPlace, optionPaths, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { writtenText } from '../../cluster/written';

export const lbBootstrapHealth = defineRule({
  id: 'lb-bootstrap-health',
  severity: 'info',
  title: later`Servers join through a load balancer that does not check them`,
  rationale: `While a cluster is set up only the first server answers. DNS and nginx without active health checks send joining servers to machines that are not there yet, sometimes to themselves, and joining takes many attempts. Joining through the first server avoids that; K3s HA does so when nothing is written.`,
  sources: [SOURCES.loadBalancer, SOURCES.haEmbedded],
  check: (context) => {
    const joiners = joinersOf(context);
    const [first] = joiners;
    if (first === undefined) return [];
    const { address, type } = context.cluster.loadBalancer ?? { address: '', type: '' };
    return [
      {
        ...firstPlace(context.document, ...optionPaths(context, first, 'server').map(value)),
        message: say`${nodeLabels(joiners)} ${joiners.length === 1 ? 'joins' : 'join'} through ${address}, and ${type === 'dns' ? say`DNS` : say`nginx`} does not notice that only the first server is up at first: joining takes many attempts. Left out, they join through the first server.`,
      },
    ];
  },
  fix: (context) => [
    {
      title: say`Join through the first server (remove server)`,
      edits: removeAll(context.document, optionPathsOf(context, joinersOf(context), 'server')),
      safe: false,
    },
  ],
});

function joinersOf({ cluster }: RuleContext): readonly ClusterNode[] {
  const balancer = cluster.loadBalancer;
  if (balancer === undefined || (balancer.type !== 'dns' && balancer.type !== 'nginx')) return [];
  return cluster.servers.slice(1).filter((server) => {
    const host = parseServerUrl(writtenText(server, 'server') ?? '')?.host;
    return host !== undefined && sameAddress(host, balancer.address);
  });
}
