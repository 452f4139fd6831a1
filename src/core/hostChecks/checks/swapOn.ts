import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const swapOn = defineHostCheck({
  id: 'swap-on',
  severity: 'info',
  title: later`The machine swaps`,
  rationale: `K3s runs with swap: its kubelet does not refuse it. But limits of memory do not hold for what is swapped out, and etcd on a server that swaps loses its leadership.`,
  sources: [DOCUMENTS.swap],
  judge: (look) =>
    ofNodes(look, ({ id, role }, { system }) =>
      system === undefined || system.swapKiB === 0
        ? undefined
        : {
            message: say`${id} has ${Math.round(system.swapKiB / 1024)} MiB of swap${role === 'server' ? say`; a server that swaps slows down etcd and the API` : ''}`,
            nextSteps: [say`Switch it off: run "swapoff -a" and take it out of /etc/fstab.`],
          },
    ),
});
