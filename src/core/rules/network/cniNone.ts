import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { SOURCES } from '../reading/sources';
import { serversBy } from '../reading/serversBy';
import { writtenText } from '../../cluster/written';

export const cniNone = defineRule({
  id: 'cni-none',
  severity: 'info',
  title: later`The pod network is left to somebody else`,
  rationale: `With \`flannel-backend: none\` K3s brings no pod network. Nodes register and stay NotReady until a CNI plugin such as Cilium or Calico is installed, for instance as a manifest in \`/var/lib/rancher/k3s/server/manifests\`.`,
  sources: [SOURCES.network],
  check: (context) =>
    [
      ...serversBy(context, 'flannel-backend', (server) =>
        writtenText(server, 'flannel-backend') === 'none' ? 'none' : undefined,
      ).values(),
    ].map(({ place }) => ({
      ...place,
      message: say`K3s brings no pod network: all nodes stay NotReady until you install a CNI plugin, such as Cilium or Calico.`,
    })),
});
