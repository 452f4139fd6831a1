import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { isVirtualAddress } from '../reading/virtualAddress';
import { isOwnAddress } from '../reading/addresses';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { hostlessSteps } from '../reading/loadBalancerType';
import { PLACEHOLDER_ADDRESS } from '../reading/placeholders';
import { firstPlace, hostPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { sanSteps } from '../reading/tlsSan';
import { nodeLabel, nodeLabels } from '../reading/words';

export const registrationAddressIsServer = defineRule({
  id: 'registration-address-is-server',
  severity: 'warning',
  title: later`The load balancer's address is the address of one server`,
  rationale: `A fixed registration address is there to outlive any single server. When it is the address of one of them, \`kubectl\` and every joining node depend on that server, and the others add nothing for them.

Use an address that moves or spreads: a load balancer on hosts of its own, a virtual IP (keepalived, kube-vip) or a DNS name with the addresses of all servers.`,
  sources: [SOURCES.ha, SOURCES.loadBalancer],
  check: ({ cluster, document }) => {
    const address = cluster.loadBalancer?.address ?? '';
    // An address that is meant to move has a finding of its own.
    if (
      address === '' ||
      cluster.servers.length < 2 ||
      (cluster.loadBalancer !== undefined && isVirtualAddress(cluster.loadBalancer))
    )
      return [];
    const owners = cluster.servers.filter((server) => isOwnAddress(server, address));
    const [owner] = owners;
    if (owner === undefined || owners.length > 1) return [];
    const others = cluster.servers.filter((server) => server !== owner);
    return [
      {
        ...firstPlace(document, value(['loadBalancer', 'address']), value(['loadBalancer'])),
        message: say`${address} is ${nodeLabel(owner)} itself, not an address in front of the servers: when ${nodeLabel(owner)} is down, kubectl and joining nodes are locked out although ${nodeLabels(others)} still ${others.length === 1 ? 'runs' : 'run'}.`,
        related: [{ ...hostPlace(document, owner), message: say`${nodeLabel(owner)} has the address ${address}.` }],
      },
    ];
  },
  fix: ({ cluster, document }) => [
    {
      title: say`Use a DNS name that lists every server (replace ${PLACEHOLDER_ADDRESS} by yours)`,
      edits: inSequence(
        document,
        (current) => setValue(current, ['loadBalancer', 'address'], PLACEHOLDER_ADDRESS),
        ...hostlessSteps(document, 'dns'),
        ...sanSteps(cluster, PLACEHOLDER_ADDRESS),
      ),
      safe: false,
    },
  ],
});
