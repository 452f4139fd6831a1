import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const cgroupMemoryMissing = defineHostCheck({
  id: 'cgroup-memory-missing',
  severity: 'error',
  title: later`The kernel has no memory cgroup`,
  rationale: `Without the memory controller containers cannot be limited, and K3s stops. Raspberry Pi OS boots without it.`,
  sources: [DOCUMENTS.requirements, DOCUMENTS.advanced],
  judge: (look) =>
    ofNodes(look, ({ id }, { memoryCgroup }) =>
      memoryCgroup
        ? undefined
        : {
            message: say`The kernel of ${id} has no memory cgroup; K3s would stop with "failed to find memory cgroup"`,
            nextSteps: [say`Add cgroup_memory=1 cgroup_enable=memory to the kernel command line and restart the host.`],
          },
    ),
});
