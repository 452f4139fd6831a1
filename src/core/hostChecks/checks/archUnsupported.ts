import { later, say } from '../../base/say';
import { architectureOf } from '../../k3s/releaseFiles';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const archUnsupported = defineHostCheck({
  id: 'arch-unsupported',
  severity: 'error',
  title: later`A processor for which there is no K3s`,
  rationale: `K3s is released for x86_64, arm64, armhf and s390x; there is nothing to install on others.`,
  sources: [DOCUMENTS.requirements, DOCUMENTS.installScript],
  judge: (look) =>
    ofNodes(look, ({ id }, { arch }) =>
      architectureOf(arch) === undefined
        ? {
            message: say`${id} has the processor architecture ${arch}, for which there is no K3s`,
            nextSteps: [say`Use an amd64, arm64, armhf or s390x host.`],
          }
        : undefined,
    ),
});
