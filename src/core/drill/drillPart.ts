import { say } from '../base/say';
import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { listed } from '../base/words';
import type { Cluster, ClusterMachine, ClusterNode } from '../cluster/cluster';
import { balancerMachines, nodesOf } from '../cluster/roles';
import { agentPart, balancerHostPart, serverPart } from '../topology/ids';

/** How a part is taken away: K3s stopped, the proxy of the load balancer stopped, the network cut, the machine rebooted. */
export const DRILL_WAYS = ['k3s', 'balancer', 'link', 'reboot'] as const;
export type DrillWay = (typeof DRILL_WAYS)[number];

/** How long a part stays away unless somebody says otherwise. */
export const DRILL_SECONDS = 30;

/** One thing that a drill takes away. */
export interface DrillPart {
  readonly way: DrillWay;
  readonly machine: ClusterNode | ClusterMachine;
}

/** `link:server-1`, as on a command line and in a report. */
export function partName({ way, machine }: DrillPart): string {
  return `${way}:${machine.id}`;
}

/** `K3s on server-1 stopped` */
export function partWords({ way, machine: { id } }: DrillPart): string {
  return {
    k3s: `K3s on ${id} stopped`,
    balancer: `the load balancer on ${id} stopped`,
    link: `the network of ${id} cut`,
    reboot: `${id} rebooted`,
  }[way];
}

/** What of the diagram goes with it. */
export function diagramPart({ way, machine }: DrillPart): string {
  if (way === 'balancer') return balancerHostPart(machine.host);
  return 'role' in machine && machine.role === 'agent' ? agentPart(machine.id) : serverPart(machine.id);
}

/** What a drill takes away unless somebody says otherwise: K3s on each server, each load balancer, and K3s on one agent. */
export function usualParts(cluster: Cluster): readonly string[] {
  const [agent] = cluster.agents;
  return [
    ...cluster.servers.map(({ id }) => `k3s:${id}`),
    ...balancerMachines(cluster).map(({ id }) => `balancer:${id}`),
    ...(agent === undefined ? [] : [`k3s:${agent.id}`]),
  ];
}

/** Everything that could be taken away. */
export function possibleParts(cluster: Cluster): readonly DrillPart[] {
  const nodes = nodesOf(cluster);
  return [
    ...nodes.map((machine) => ({ way: 'k3s' as const, machine })),
    ...balancerMachines(cluster).map((machine) => ({ way: 'balancer' as const, machine })),
    ...nodes.map((machine) => ({ way: 'link' as const, machine })),
    ...nodes.map((machine) => ({ way: 'reboot' as const, machine })),
  ];
}

/** The part of that name; the name of a node alone means its K3s. */
export function drillPart(cluster: Cluster, name: string): Result<DrillPart, Problem> {
  const [before = '', after] = name.split(/:(.*)/s);
  const [way, id] = after === undefined ? ['k3s', before] : [before, after];
  const possible = possibleParts(cluster);
  const found = possible.find((part) => part.way === way && part.machine.id === id);
  if (found !== undefined) return ok(found);
  return err(
    problem('drill-part', say`A drill of this cluster cannot take "${name}" away`, {
      nextSteps: [
        say`Name a node (${listed(nodesOf(cluster).map((node) => node.id))}) for its K3s, or balancer:, link: or reboot: before a machine.`,
        ...(way === 'balancer' ? [say`Only HAProxy and nginx on machines of the file can be stopped.`] : []),
      ],
    }),
  );
}
