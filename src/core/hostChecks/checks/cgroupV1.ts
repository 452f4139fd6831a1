import { later, say } from '../../base/say';
import { parseK3sVersion, PINNED_STABLE } from '../../k3s/versions';
import { writtenList } from '../../cluster/written';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { runs } from '../reading/installed';

/** The first minor, 1.N, whose kubelet refuses cgroup v1 unless it is told not to. */
const REFUSING_MINOR = 35;

export const cgroupV1 = defineHostCheck({
  id: 'cgroup-v1',
  severity: 'warning',
  title: later`The host uses cgroup v1`,
  rationale: `From v1.35 on kubelet refuses a host with cgroup v1, the hybrid layout included: K3s reports that it is up, stops three seconds later, and begins again for ever. \`kubelet-arg: fail-cgroupv1=false\` has it run all the same, until support ends altogether.`,
  sources: [DOCUMENTS.cgroups],
  judge: (look) => {
    const release = parseK3sVersion(look.cluster.k3s.version ?? PINNED_STABLE);
    if (release !== undefined && release.major === 1 && release.minor < REFUSING_MINOR) return [];
    return ofNodes(look, (node, seen) =>
      seen.system?.cgroups !== 1 ||
      runs(node, seen) ||
      writtenList(node, 'kubelet-arg').some((text) => /^fail-cgroup-?v1=false$/i.test(text))
        ? undefined
        : {
            message: say`${node.id} uses cgroup v1, and the kubelet of K3s v1.${REFUSING_MINOR} and later refuses such a host`,
            nextSteps: [
              say`Boot it with cgroup v2 (systemd.unified_cgroup_hierarchy=1 on the kernel command line, or a newer system), or set kubelet-arg: fail-cgroupv1=false for it.`,
            ],
          },
    );
  },
});
