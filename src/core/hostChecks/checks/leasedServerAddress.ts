import { later, say } from '../../base/say';
import { sameAddress } from '../../k3s/cidr';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const leasedServerAddress = defineHostCheck({
  id: 'leased-server-address',
  severity: 'info',
  title: later`The address of a server is leased`,
  rationale: `A server cannot change its address: etcd knows its members by it, and a server that comes back with another one is no member any more. An address by DHCP is fine as long as the DHCP server always gives the same one.`,
  sources: [DOCUMENTS.movedServer],
  judge: (look) =>
    ofNodes(look, ({ id, role, address }, { network }) => {
      const link = network?.links.find((one) => one.leased && sameAddress(one.address, address));
      return role === 'agent' || link === undefined
        ? undefined
        : {
            message: say`${id} has its address ${link.address} on ${link.name} by DHCP; a server cannot change its address`,
            nextSteps: [say`Reserve the address in the DHCP server, or set it on the machine.`],
          };
    }),
});
