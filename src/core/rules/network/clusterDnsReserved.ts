import { later, say } from '../../base/say';
import { addressAt, cidrContains, sameAddress } from '../../k3s/cidr';
import { defineRule } from '../reading/defineRule';
import { SOURCES } from '../reading/sources';
import { tenthAddress } from '../reading/clusterDns';
import { networksOf } from '../reading/networks';
import { serversBy } from '../reading/serversBy';
import { writtenList } from '../../cluster/written';

export const clusterDnsReserved = defineRule({
  id: 'cluster-dns-reserved',
  severity: 'error',
  title: later`The address of CoreDNS is taken`,
  rationale: `The first address of the service network belongs to the service \`kubernetes\`, through which pods reach the API; the network's own and its last address cannot be used at all. CoreDNS gets none of them.`,
  sources: [SOURCES.serverOptions, SOURCES.network],
  check: (context) => {
    const reserved = serversBy(context, 'cluster-dns', (server) => {
      const services = networksOf(context, server).filter(({ kind }) => kind === 'service');
      return writtenList(server, 'cluster-dns').find((address) =>
        services.some(
          ({ cidr }) =>
            cidrContains(cidr, address) &&
            [0, 1, -1].some((index) => sameAddress(addressAt(cidr, index) ?? '', address)),
        ),
      );
    });
    return [...reserved].map(([address, { place }]) => ({
      ...place,
      message: say`CoreDNS cannot have the address ${address}: the first address of the service network belongs to the API, and its network and last address cannot be used.`,
    }));
  },
  fix: (context, finding) => tenthAddress(context, finding),
});
