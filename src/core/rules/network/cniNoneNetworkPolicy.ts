import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { SOURCES } from '../reading/sources';
import { serversBy } from '../reading/serversBy';
import { isWrittenOn, writtenText } from '../../cluster/written';

export const cniNoneNetworkPolicy = defineRule({
  id: 'cni-none-network-policy',
  severity: 'info',
  title: later`Two engines for network policies`,
  rationale: `K3s runs a controller of its own for network policies, also when the pod network comes from somebody else. Most CNI plugins bring one, too, and the two write rules that contradict each other. \`disable-network-policy\` leaves it to the plugin.`,
  sources: [SOURCES.network],
  check: (context) =>
    [
      ...serversBy(context, 'flannel-backend', (server) =>
        writtenText(server, 'flannel-backend') === 'none' && !isWrittenOn(server, 'disable-network-policy')
          ? 'none'
          : undefined,
      ).values(),
    ].map(({ place }) => ({
      ...place,
      message: say`K3s's own controller for network policies stays on beside the CNI plugin that you install; two of them contradict each other. Add disable-network-policy: true.`,
    })),
  fix: ({ document }) => [
    {
      title: say`Add disable-network-policy: true`,
      edits: setValue(document, ['servers', 'config', 'disable-network-policy'], true),
      safe: false,
    },
  ],
});
