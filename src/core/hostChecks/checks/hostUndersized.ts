import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const hostUndersized = defineHostCheck({
  id: 'host-undersized',
  severity: 'warning',
  title: later`Less memory or fewer processors than K3s asks for`,
  rationale: `A server needs two processors and 2 GB, an agent one and 512 MB, and both more with what runs there. A server that swaps or waits for its processor loses the leadership of etcd.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, ({ id, role }, { cpus, memoryKiB }) =>
      (role === 'server' ? cpus < 2 || memoryKiB < 1_900_000 : memoryKiB < 480_000)
        ? {
            message: say`${id} is smaller than K3s asks for (${cpus} CPU, ${Math.round(memoryKiB / 1024)} MiB; a server needs 2 and 2048, an agent 1 and 512).`,
            nextSteps: [say`Give it more, or a smaller role.`],
          }
        : undefined,
    ),
});
