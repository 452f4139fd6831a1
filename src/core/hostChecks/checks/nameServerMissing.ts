import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { optionText } from '../../cluster/options';
import { DOCUMENTS } from '../reading/documents';

/** Addresses that mean nothing, or something else, inside a pod. */
const OF_THE_HOST = /^(127\.|::1$|fe80:)/i;

export const nameServerMissing = defineHostCheck({
  id: 'name-server-missing',
  severity: 'warning',
  title: later`No name server that pods can ask`,
  rationale: `Pods get the name servers of the machine. When all of them are addresses of the machine itself, K3s gives pods 8.8.8.8 instead, which many networks do not reach.`,
  sources: [DOCUMENTS.networkingServices],
  judge: (look) =>
    ofNodes(look, (node, { network }) =>
      network === undefined ||
      network.nameServers.some((address) => !OF_THE_HOST.test(address)) ||
      optionText(look.cluster, node, 'resolv-conf') !== undefined
        ? undefined
        : {
            message:
              network.nameServers.length === 0
                ? say`${node.id} has no name server in /etc/resolv.conf; K3s gives its pods 8.8.8.8`
                : say`${node.id} asks only itself for names (${network.nameServers.join(', ')}), which pods cannot; K3s gives them 8.8.8.8`,
            nextSteps: [say`Name a server in its /etc/resolv.conf, or a file that names one with resolv-conf.`],
          },
    ),
});
