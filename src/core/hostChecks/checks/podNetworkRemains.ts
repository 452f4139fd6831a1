import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const podNetworkRemains = defineHostCheck({
  id: 'pod-network-remains',
  severity: 'warning',
  title: later`Interfaces of an earlier network of pods`,
  rationale: `cni0 and flannel.1 of an earlier cluster keep their addresses. The new one gives the node another range, and pods then fail with "cni0 already has an IP address different from …".`,
  sources: [DOCUMENTS.networkingServices],
  judge: (look) =>
    ofNodes(look, ({ id }, { remains, units }) =>
      remains === undefined || remains.podInterfaces.length === 0 || Object.keys(units).length > 0
        ? undefined
        : {
            message: say`${id} has interfaces of an earlier network of pods, and no K3s: ${listed(remains.podInterfaces)}`,
            nextSteps: [say`Restart the machine, or delete each of them with "ip link delete NAME".`],
          },
    ),
});
