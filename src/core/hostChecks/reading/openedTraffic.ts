import type { ClusterMachine } from '../../cluster/cluster';
import type { AllowedTraffic } from '../../k3s/traffic';
import type { FirewallTool } from '../../remote/openFirewall';
import type { HostLook } from '../hostCheck';
import { missingRules } from './missingRules';

/** What a machine's firewall is to let in besides. */
export interface OpenedTraffic {
  readonly tool: FirewallTool;
  readonly traffic: readonly AllowedTraffic[];
}

/** What *Provision* opens on a machine; undefined where the file keeps that to people, it cannot, or nothing is missing. */
export function openedTraffic(look: HostLook, machine: ClusterMachine): OpenedTraffic | undefined {
  const { tool = 'filter' } = look.facts.get(machine.id)?.firewallRules ?? {};
  if (look.cluster.firewall !== 'manage' || tool === 'filter') return undefined;
  const traffic = missingRules(look, machine);
  return traffic.length === 0 ? undefined : { tool, traffic };
}

/** Whether that opens a port; what is let in whatever its port is that of pods and of keepalived. */
export function opensPort(opened: OpenedTraffic | undefined, protocol: string, port: number): boolean {
  return (opened?.traffic ?? []).some(
    ({ protocol: own, ports }) => own === protocol && ports !== undefined && ports[0] <= port && port <= ports[1],
  );
}
