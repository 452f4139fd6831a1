import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { apiServers } from '../../cluster/roles';
import { sameAddress } from '../../k3s/cidr';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const endpointsDiffer = defineHostCheck({
  id: 'endpoints-differ',
  severity: 'warning',
  title: later`The Endpoints default/kubernetes are not the servers`,
  rationale: `Agents and pods reach the API at the addresses that servers announce there. With advertise-address set to that of a load balancer, or after a server has gone that nobody took out, some of these addresses belong to no server, and servers are missing: every request goes through one machine, or through none. Asked through one server that runs.`,
  sources: [DOCUMENTS.advertiseReport],
  judge: ({ cluster, facts, marks }) => {
    const addresses = marks?.seen.endpoints ?? [];
    if (marks === undefined || addresses.length === 0) return [];
    const servers = apiServers(cluster).filter(({ id }) => facts.get(id)?.units.k3s?.active === 'active');
    const addressesOf = (id: string): readonly string[] => {
      const server = servers.find((one) => one.id === id);
      return [...(server === undefined ? [] : [server.address, server.host]), ...(facts.get(id)?.addresses ?? [])];
    };
    const has = (id: string, address: string): boolean => addressesOf(id).some((own) => sameAddress(own, address));
    const fixed = cluster.loadBalancer?.address;
    // The fixed address stands on the interface of the server that carries it, and belongs to none.
    const announced = addresses.filter((address) => fixed === undefined || !sameAddress(address, fixed));
    const strangers = addresses.filter(
      // A server that was not seen may have any address.
      (address) =>
        !announced.includes(address) ||
        (apiServers(cluster).every(({ id }) => facts.has(id)) && !servers.some(({ id }) => has(id, address))),
    );
    const missing = servers.filter(({ id }) => !announced.some((address) => has(id, address))).map(({ id }) => id);
    if (strangers.length === 0 && missing.length === 0) return [];
    const found = [
      ...(strangers.length === 0
        ? []
        : [say`${listed(strangers)} ${strangers.length === 1 ? 'belongs' : 'belong'} to no server`]),
      ...(missing.length === 0 ? [] : [say`${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing`]),
    ];
    return [
      {
        machine: missing[0] ?? marks.through,
        message: say`The Endpoints default/kubernetes are not the servers: ${found.join(say`, and `)}.`,
        nextSteps: [
          strangers.some((address) => fixed !== undefined && sameAddress(address, fixed))
            ? say`Take advertise-address out of the configuration of the servers and provision: each then announces its own address.`
            : say`Restart K3s on the servers that are missing; what belongs to no server goes by itself when nobody renews it.`,
        ],
      },
    ];
  },
});
