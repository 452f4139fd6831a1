import { say } from '../../core/base/say';
import { count } from '../../core/base/words';
import type { AllowedTraffic } from '../../core/k3s/traffic';
import { openFirewall as open, type FirewallTool } from '../../core/remote/openFirewall';
import { defineStep, ended } from './step';

/** Has the firewall of a machine let in what the cluster needs. Takes no rule away, and has no firewall read anew. */
export const openFirewall = defineStep<{ readonly tool: FirewallTool; readonly traffic: readonly AllowedTraffic[] }>({
  kind: 'open-firewall',
  phase: 'stage',
  estimateMs: 3000,
  says: ({ tool, traffic }) => ({
    title: say`Add ${count(traffic.length, 'rule')} to ${tool}, without a reload`,
    doing: say`opening the firewall`,
    counted: say`open the firewall of`,
  }),
  run: async ({ tool, traffic }, at) => ended(await at.on(at.machine, open(tool, traffic))),
});
