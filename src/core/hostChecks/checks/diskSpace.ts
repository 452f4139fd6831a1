import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { isInstalled } from '../reading/installed';

const MIN_KIB = 1024 * 1024;

export const diskSpace = defineHostCheck({
  id: 'disk-space',
  severity: 'error',
  title: later`Too little room for K3s`,
  rationale: `K3s unpacks about 290 MB, keeps the images of its add-ons, and lets kubelet evict pods when the disk is nearly full. A disk that is full when K3s unpacks leaves it half installed.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, (node, seen) => {
      const { diskFreeKiB } = seen;
      if (isInstalled(node, seen) || diskFreeKiB <= 0 || diskFreeKiB >= MIN_KIB) return undefined;
      return {
        message: say`${node.id} has only ${Math.round(diskFreeKiB / 1024)} MiB free below /var/lib`,
        nextSteps: [say`Free at least 1 GiB.`],
      };
    }),
});
