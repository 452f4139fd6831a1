import { later, say } from '../../base/say';
import type { Cluster } from '../../cluster/cluster';
import { setValue } from '../../document/edit';
import { sameAddress } from '../../k3s/cidr';
import { holdsReference } from '../../datastore/endpoint/dsn';
import type { Fix, RuleContext } from '../rule';
import type { WrittenEndpoint } from '../reading/datastore';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { PLACEHOLDER_DATABASE } from '../reading/placeholders';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { isLoopback, withHost } from '../reading/endpoints';
import { addEtcdUrls, etcdEndpoints } from '../reading/etcdEndpoints';

export const datastoreSinglePoint = defineRule({
  id: 'datastore-single-point',
  severity: 'warning',
  title: later`The datastore is one single machine`,
  rationale: `With an external datastore the servers are equal and can be lost one by one, but only as long as the datastore answers. If that is one machine, the cluster is as available as this machine, however many servers stand in front of it.

The rule speaks when the endpoint names one machine by its IP address, or one that is a node of this cluster, or a single etcd member. A DNS name is taken for what a managed or replicated database is reached by. If the address is a virtual one that moves to a replica, silence the rule in this place.`,
  sources: [SOURCES.ha, SOURCES.datastore],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length < 2) return [];
    return writtenEndpoints(context).flatMap((endpoint) => {
      const host = singleMachine(context, endpoint);
      if (host === undefined) return [];
      const what =
        endpoint.parsed.driver === 'etcd'
          ? say`the only etcd member that`
          : say`the one machine with the database that`;
      return [
        {
          ...firstPlace(document, value(endpoint.path)),
          message: say`${host} is ${what} ${nodeLabels(cluster.servers)} know: when it is down, the API is gone on all ${cluster.servers.length} servers.`,
        },
      ];
    });
  },
  fix: (context, finding): readonly Fix[] => {
    const { cluster, document } = context;
    const endpoint = writtenEndpoints(context).find(({ path }) => samePath(path, finding.path));
    if (endpoint === undefined) return [];
    const count = cluster.servers.length;
    const canEmbed =
      endpoint.path[0] === 'datastore' && writtenEndpoints(context).length === 1 && count > 2 && count % 2 === 1;
    const embed = {
      title: say`Use embedded etcd on the servers (for a new cluster: the data does not come along)`,
      edits: setValue(document, ['datastore'], { type: 'embedded-etcd' }),
      safe: false,
    };
    return [...elsewhere(context, endpoint), ...(canEmbed ? [embed] : [])];
  },
});

/** The host that the endpoint depends on alone. */
function singleMachine({ cluster }: RuleContext, { text, parsed }: WrittenEndpoint): string | undefined {
  const [address, ...others] = parsed.addresses;
  if (address === undefined || others.length > 0 || holdsReference(address.host) || isLoopback(address.host))
    return undefined;
  const { host } = address;
  if (parsed.driver === 'etcd') return text.includes(',') ? undefined : host;
  const balancer = cluster.loadBalancer?.address;
  if (balancer !== undefined && sameAddress(balancer, host)) return undefined;
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':');
  return isAddress || isNode(cluster, host) ? host : undefined;
}

function isNode({ servers, agents }: Cluster, host: string): boolean {
  return [servers, agents].some((nodes) => nodes.some((node) => node.host === host || node.name === host));
}

function elsewhere(context: RuleContext, { text, path, parsed }: WrittenEndpoint): readonly Fix[] {
  const { document } = context;
  const etcd = etcdEndpoints(context).find((candidate) => samePath(candidate.path, path));
  if (etcd !== undefined) {
    return [
      {
        title: say`List two more etcd members (replace etcd-2.example.com and etcd-3.example.com by their addresses)`,
        edits: setValue(document, path, addEtcdUrls(etcd, 2)),
        safe: false,
      },
    ];
  }
  const [address] = parsed.addresses;
  if (address === undefined || parsed.driver === 'etcd') return [];
  return [
    {
      title: say`Name a replicated or managed database (replace ${PLACEHOLDER_DATABASE} by its address)`,
      edits: setValue(document, path, withHost(text, address.range, PLACEHOLDER_DATABASE)),
      safe: false,
    },
  ];
}
