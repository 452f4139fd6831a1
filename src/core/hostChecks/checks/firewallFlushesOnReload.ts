import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const firewallFlushesOnReload = defineHostCheck({
  id: 'firewall-flushes-on-reload',
  severity: 'warning',
  title: later`A reload of firewalld throws away the rules of the cluster`,
  rationale: `With FlushAllOnReload=yes, which is the default, \`firewall-cmd --reload\` removes the rules of kube-proxy and of the network of pods with its own. Services are out for half a minute, and ports of hosts until their pod begins anew. K3s HA never reloads firewalld; a job of somebody else may.`,
  sources: [DOCUMENTS.flushReport, DOCUMENTS.flush],
  judge: (look) =>
    ofNodes(look, ({ id }, { firewallRules }) =>
      firewallRules?.flushes === true
        ? {
            message: say`On ${id} a reload of firewalld throws away the rules of kube-proxy and of the network of pods (FlushAllOnReload)`,
            nextSteps: [
              say`Set FlushAllOnReload=no in /etc/firewalld/firewalld.conf, and never reload firewalld while K3s runs.`,
            ],
          }
        : undefined,
    ),
});
