import { later, say } from '../../base/say';
import { count } from '../../base/words';
import { defineHostCheck, ofMachines } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';
import { firewallCommands } from '../reading/firewallCommands';
import { missingRules } from '../reading/missingRules';

export const firewallRulesMissing = defineHostCheck({
  id: 'firewall-rules-missing',
  severity: 'warning',
  title: later`The firewall keeps machines of the cluster apart`,
  rationale: `Nodes need the ports of the API, of etcd, of kubelet and of the network of pods, each from the machines that use it, and everything from the networks of pods and services. Machines of the load balancer need its port from everybody, and what the keepalived of the others sends (VRRP). Of firewalld and ufw the rules are read and those that are missing are told, as commands; with \`hosts: { firewall: manage }\` *Provision* adds them, for now and for good, without a reload. Other filters are told when they refuse what no rule names: their rules are not read, so all that is needed is listed.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) => {
    const manages = look.cluster.firewall === 'manage';
    return ofMachines(look, (machine, { firewallRules }) => {
      const missing = missingRules(look, machine);
      if (firewallRules === undefined || missing.length === 0) return undefined;
      const { tool } = firewallRules;
      const details = missing.flatMap((traffic) => firewallCommands(tool, traffic));
      return tool === 'filter'
        ? {
            message: say`${machine.id} refuses what no rule of iptables or nftables names; K3s HA does not read these rules`,
            details,
            nextSteps: [say`See that the rules let in what is listed above.`],
          }
        : {
            message: say`${machine.id} has ${tool} active, which lacks ${count(missing.length, 'rule')} that this cluster needs`,
            details,
            ...(manages
              ? { severity: 'info' as const, nextSteps: [say`Provision the cluster: that adds them.`] }
              : {
                  nextSteps: [
                    tool === 'firewalld'
                      ? say`Run these commands on it as root. Do not reload firewalld while K3s runs.`
                      : say`Run these commands on it as root.`,
                    say`Or write hosts: { firewall: manage } in the cluster file, and provision the cluster.`,
                  ],
                }),
          };
    });
  },
});
