import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const otherKubernetes = defineHostCheck({
  id: 'other-kubernetes',
  severity: 'error',
  title: later`Another Kubernetes on the machine`,
  rationale: `A kubelet of another distribution holds the ports, the network of pods and the cgroups that K3s needs, and removes what K3s starts. Where it is installed and does not run, or only its folders are left, this is a warning: it may begin at the next boot.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, ({ id }, { remains }) => {
      const units = [...(remains?.units ?? [])];
      const running = units.filter(([, active]) => active === 'active' || active === 'activating');
      const found = [...units.map(([unit]) => unit), ...(remains?.folders ?? [])];
      if (found.length === 0) return undefined;
      const nextSteps = [
        say`Uninstall it by its own means (kubeadm reset, rke2-uninstall.sh, k0s reset, snap remove microk8s) and restart the machine.`,
      ];
      return running.length > 0
        ? { message: say`${id} runs another Kubernetes: ${listed(running.map(([unit]) => unit))}`, nextSteps }
        : { severity: 'warning', message: say`${id} has remains of another Kubernetes: ${listed(found)}`, nextSteps };
    }),
});
