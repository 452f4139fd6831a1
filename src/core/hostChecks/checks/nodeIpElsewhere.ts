import { later, say } from '../../base/say';
import { writtenList } from '../../cluster/written';
import { listed } from '../../base/words';
import { sameAddress } from '../../k3s/cidr';
import { optionText } from '../../cluster/options';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const nodeIpElsewhere = defineHostCheck({
  id: 'node-ip-elsewhere',
  severity: 'error',
  title: later`node-ip or flannel-iface is not on the machine`,
  rationale: `\`node-ip\` is the address that the other machines use for a node, and \`flannel-iface\` the interface that carries the traffic of its pods. K3s does not start when the machine has no such interface, and a node with an address of another machine is not reached.`,
  sources: [DOCUMENTS.agentOptions],
  judge: (look) =>
    ofNodes(look, (node, seen) => {
      const wanted = writtenList(node, 'node-ip').flatMap((text) => text.split(','));
      const absent = wanted.filter((address) => !seen.addresses.some((own) => sameAddress(own, address)));
      const link = optionText(look.cluster, node, 'flannel-iface');
      const links = seen.network?.interfaces ?? [];
      if (seen.addresses.length > 0 && absent.length > 0)
        return {
          message: say`${node.id} has no address ${listed(absent)}, which the file gives it as node-ip`,
          why: say`It has ${listed(seen.addresses)}.`,
          nextSteps: [say`Correct node-ip, or give the machine that address.`],
        };
      if (link !== undefined && links.length > 0 && !links.includes(link))
        return {
          message: say`${node.id} has no interface ${link}, which the file names as flannel-iface`,
          why: say`It has ${listed(links.filter((name) => name !== 'lo'))}.`,
          nextSteps: [say`Correct flannel-iface for this machine; a node may have a value of its own.`],
        };
      return undefined;
    }),
});
