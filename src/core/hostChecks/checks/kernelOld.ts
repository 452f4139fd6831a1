import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

/** The oldest kernel that Kubernetes names for its current releases, as [major, minor]. */
const OLDEST = [4, 19] as const;

export const kernelOld = defineHostCheck({
  id: 'kernel-old',
  severity: 'warning',
  title: later`The kernel is older than Kubernetes asks for`,
  rationale: `Current releases of Kubernetes ask for Linux 4.19 or newer. Distributions that carry newer parts in an older kernel (RHEL 8 with 4.18) are tested by K3s and are not told.`,
  sources: [DOCUMENTS.kernels],
  judge: (look) =>
    ofNodes(look, ({ id }, { system }) => {
      const [, major, minor] = /^(\d+)\.(\d+)/.exec(system?.kernel ?? '') ?? [];
      if (system === undefined || major === undefined || /\.el8/.test(system.kernel)) return undefined;
      if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return undefined;
      return {
        message: say`${id} runs the kernel ${system.kernel}; Kubernetes asks for ${OLDEST.join('.')} or newer`,
        nextSteps: [say`Use a newer system on this host.`],
      };
    }),
});
