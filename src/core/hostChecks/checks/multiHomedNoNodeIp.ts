import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { option } from '../../cluster/options';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { isInstalled } from '../reading/installed';

/** Interfaces of containers and virtual machines, which K3s would not take. */
const VIRTUAL = /^(lo|docker|br-|veth|virbr|cni|flannel|kube-|cali|tailscale|wg|dummy)/;

export const multiHomedNoNodeIp = defineHostCheck({
  id: 'multi-homed-no-node-ip',
  severity: 'info',
  title: later`Several networks, and no node-ip`,
  rationale: `Where a machine is in several networks, K3s takes the address of the interface with the default route for the node, which need not be the one that the other machines reach.`,
  sources: [DOCUMENTS.agentOptions],
  judge: (look) =>
    ofNodes(look, (node, seen) => {
      const links = (seen.network?.links ?? []).filter(({ name }) => !VIRTUAL.test(name));
      const names = new Set(links.map(({ name }) => name));
      const chosen = ['node-ip', 'flannel-iface'].some((name) => option(look.cluster, node, name) !== undefined);
      if (names.size < 2 || chosen || isInstalled(node, seen)) return undefined;
      return {
        message: say`${node.id} is in several networks (${listed(links.map(({ name, address }) => `${name} ${address}`))}), and the file does not say which one the cluster uses`,
        nextSteps: [say`Give it node-ip, or flannel-iface for the traffic of pods.`],
      };
    }),
});
