import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { cidrContains } from '../../k3s/cidr';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import type { RuleContext } from '../rule';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import type { Place } from '../reading/places';
import { firstPlace, hostPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { listWords, nodeLabel } from '../reading/words';
import { moveNetworks, networksOf } from '../reading/networks';
import { nodesOf } from '../../cluster/roles';
import { writtenList } from '../../cluster/written';

export const cidrHostOverlap = defineRule({
  id: 'cidr-host-overlap',
  severity: 'error',
  title: later`A machine lies inside the pod or service network`,
  rationale: `Every node routes the pod and service networks into the cluster. A machine whose own address lies in one of them cannot be reached any more: packets for a node, the load balancer or the database go to the overlay instead. K3s uses 10.42.0.0/16 for pods and 10.43.0.0/16 for services unless told otherwise, and neither can be changed once the cluster exists.`,
  sources: [SOURCES.requirements, SOURCES.network],
  check: (context) => {
    const [server] = context.cluster.servers;
    if (server === undefined) return [];
    const machines = knownMachines(context);
    return networksOf(context, server).flatMap((network): Report[] => {
      const inside = machines.filter(({ address }) => cidrContains(network.cidr, address));
      const [first] = inside;
      if (first === undefined) return [];
      const at = network.path === undefined ? first.place() : firstPlace(context.document, value(network.path));
      return [
        {
          ...at,
          message: say`${listWords(inside.map(({ label, address }) => (label === address ? address : `${label} (${address})`)))} ${inside.length === 1 ? 'lies' : 'lie'} inside the ${network.kind} network ${network.text}${network.path === undefined ? say`, K3s's default` : ''}: packets for ${inside.length === 1 ? 'it' : 'them'} would go into the cluster's overlay and never arrive.`,
          related: inside
            .slice(0, 10)
            .map(({ label, address, place }) => ({ ...place(), message: say`${label} has the address ${address}.` })),
        },
      ];
    });
  },
  fix: (context) =>
    moveNetworks(
      context,
      knownMachines(context).map(({ address }) => address),
    ),
});

interface Machine {
  readonly label: string;
  readonly address: string;
  /** Looked up only for the few that are reported. */
  readonly place: () => Place;
}

function knownMachines({ cluster, document }: RuleContext): readonly Machine[] {
  const nodes = nodesOf(cluster).flatMap((node) => {
    const addresses = new Set([
      node.host,
      node.address,
      ...writtenList(node, 'node-ip'),
      ...writtenList(node, 'node-external-ip'),
    ]);
    return [...addresses].map((address) => ({
      label: nodeLabel(node),
      address,
      place: () => hostPlace(document, node),
    }));
  });
  const other = (label: string, address: string | undefined, path: Path): Machine[] =>
    address === undefined ? [] : [{ label, address, place: () => firstPlace(document, value(path)) }];
  const database =
    cluster.datastore.endpoint === undefined ? [] : parseDatastoreEndpoint(cluster.datastore.endpoint).addresses;
  return [
    ...nodes,
    ...other(say`the load balancer`, cluster.loadBalancer?.address, ['loadBalancer', 'address']),
    ...database.flatMap(({ host }) => other(say`the datastore`, host, ['datastore', 'endpoint'])),
  ];
}
