import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { isPublicAddress } from '../../k3s/addressSpace';
import { defineRule } from '../reading/defineRule';
import { firstPlace, optionPaths, serverListPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { joinsVpn, talksThroughVpn } from '../reading/vpn';
import { nodeLabels } from '../reading/words';
import { nodesOf } from '../../cluster/roles';
import { isWrittenOn, writtenText } from '../../cluster/written';

const CLEAR = ['vxlan', 'host-gw'];

export const flannelVxlanPublic = defineRule({
  id: 'flannel-vxlan-public',
  severity: 'warning',
  title: later`Pod traffic crosses the internet unencrypted`,
  rationale: `flannel's \`vxlan\`, the default, and \`host-gw\` carry the traffic of pods as it is. Between public addresses everybody on the way can read it, and an open port 8472/udp lets strangers send packets into the pod network. \`wireguard-native\` encrypts it. Nodes whose \`flannel-iface\` is the one of a VPN are left out: their packets are inside of it.`,
  sources: [SOURCES.network, SOURCES.requirements],
  check: (context) => {
    const { cluster, document } = context;
    const [first] = cluster.servers;
    if (first === undefined) return [];
    const backend = writtenText(first, 'flannel-backend') ?? 'vxlan';
    const external = isWrittenOn(first, 'flannel-external-ip');
    const open = nodesOf(cluster).filter(
      (node) => external || (isPublicAddress(node.address) && !talksThroughVpn(node)),
    );
    if (!CLEAR.includes(backend) || open.length < 2 || joinsVpn(first)) return [];
    const paths = [
      ...optionPaths(context, first, 'flannel-backend'),
      ...optionPaths(context, first, 'flannel-external-ip'),
    ];
    return [
      {
        ...(paths.length === 0 ? serverListPlace(document) : firstPlace(document, ...paths.map(value))),
        message: say`The pod traffic of ${nodeLabels(open)} crosses public networks unencrypted (flannel-backend: ${backend}), and UDP port 8472 has to be open there. wireguard-native encrypts it.`,
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Use flannel-backend: wireguard-native`,
      edits: setValue(document, ['servers', 'config', 'flannel-backend'], 'wireguard-native'),
      safe: false,
    },
  ],
});
