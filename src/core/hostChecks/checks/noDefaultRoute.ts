import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { runs } from '../reading/installed';

/** A default route for a host that has no gateway. https://docs.k3s.io/installation/airgap#default-network-route */
const BLACK_HOLE = [
  'ip link add dummy0 type dummy',
  'ip link set dummy0 up',
  'ip addr add 203.0.113.254/31 dev dummy0',
  'ip route add default via 203.0.113.255 dev dummy0 metric 1000',
];

export const noDefaultRoute = defineHostCheck({
  id: 'no-default-route',
  severity: 'error',
  title: later`No default route`,
  rationale: `K3s picks the address of the node from the interface of the default route, and does not start without one. It need not lead anywhere. Where K3s runs all the same, this is a warning.`,
  sources: [DOCUMENTS.airGap],
  judge: (look) =>
    ofNodes(look, (node, seen) => {
      if (seen.defaultRoute) return undefined;
      if (runs(node, seen))
        return {
          severity: 'warning',
          message: say`${node.id} has no default route; K3s picks its node address from it.`,
        };
      return {
        message: say`${node.id} has no default route, and K3s does not start without one`,
        why: say`K3s picks the address of the node from it, and services of the cluster are not reached without it. It need not lead anywhere.`,
        details: BLACK_HOLE,
        nextSteps: [
          say`Give the host a gateway, or one that leads nowhere with the commands above; put them where they are run at every boot.`,
        ],
      };
    }),
});
