import { later, say } from '../../base/say';
import { cidrContains } from '../../k3s/cidr';
import { defineRule } from '../reading/defineRule';
import { tenthAddress } from '../reading/clusterDns';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { listWords } from '../reading/words';
import { networksOf } from '../reading/networks';
import { serversBy } from '../reading/serversBy';
import { writtenList } from '../../cluster/written';

export const clusterDnsOutsideServiceCidr = defineRule({
  id: 'cluster-dns-outside-service-cidr',
  severity: 'error',
  title: later`The address of CoreDNS is outside the service network`,
  rationale: `CoreDNS is a service and gets its address from the service network. With a \`cluster-dns\` outside of it the service cannot be made, and no pod resolves a name. K3s takes the tenth address of the service network by itself, so the option is rarely needed.`,
  sources: [SOURCES.serverOptions, SOURCES.network],
  check: (context) => {
    const outside = serversBy(context, 'cluster-dns', (server) => {
      const services = networksOf(context, server).filter(({ kind }) => kind === 'service');
      return writtenList(server, 'cluster-dns').find(
        (address) =>
          /^[\d.]+$|:/.test(address) &&
          !hasReference(address) &&
          !services.some(({ cidr }) => cidrContains(cidr, address)),
      );
    });
    return [...outside].map(([address, { servers, place }]) => {
      const [first] = servers;
      const services =
        first === undefined
          ? []
          : networksOf(context, first)
              .filter(({ kind }) => kind === 'service')
              .map(({ text }) => text);
      return {
        ...place,
        message: say`CoreDNS cannot have the address ${address}: it is not in the service network ${listWords(services)}, and no pod would resolve a name.`,
      };
    });
  },
  fix: (context, finding) => tenthAddress(context, finding),
});
