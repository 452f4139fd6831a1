import { later, say } from '../../base/say';
import { isOn } from '../../cluster/options';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { isInstalled } from '../reading/installed';

export const selinuxPolicyMissing = defineHostCheck({
  id: 'selinux-policy-missing',
  severity: 'warning',
  title: later`SELinux is enforcing, and nobody installs the policy of K3s`,
  rationale: `On a machine with SELinux K3s needs the package k3s-selinux. The install script installs it, but not behind an air gap, not for a K3s that is installed already, and not when it is told to skip it.`,
  sources: [DOCUMENTS.airGap, DOCUMENTS.advanced],
  judge: (look) => {
    const { method, env } = look.cluster.k3s.install;
    const skipped =
      method !== 'script' ||
      isOn(env['INSTALL_K3S_SKIP_SELINUX_RPM']) ||
      ['true', 'selinux'].includes(env['INSTALL_K3S_SKIP_DOWNLOAD'] ?? '');
    return ofNodes(look, (node, seen) =>
      seen.system?.selinux === 'Enforcing' && !seen.system.selinuxPolicy && (skipped || isInstalled(node, seen))
        ? {
            message: say`SELinux is enforcing on ${node.id}, and the policy of K3s (k3s-selinux) is not installed`,
            nextSteps: [say`Install k3s-selinux, and container-selinux that it needs, on the host before K3s.`],
          }
        : undefined,
    );
  },
});
