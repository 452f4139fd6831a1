import type { Problem } from '../base/problem';
import { listed } from '../base/words';
import type { Cluster, ClusterMachine, ClusterNode } from '../cluster/cluster';
import { apiPort, optionText } from '../cluster/options';
import { apiServers, machinesOf } from '../cluster/roles';
import { sameAddress } from '../k3s/cidr';
import type { AddressSight } from './addressSight';

/** Place of this computer among the machines that looked. */
export const HERE = 'this computer';

/** What is known of a fixed address and of the machines behind it. */
export interface AddressView {
  readonly cluster: Cluster;
  /** By machine, or {@link HERE}; machines that could not look are left out. */
  readonly sights: ReadonlyMap<string, AddressSight>;
  /** Servers of which K3s runs. */
  readonly running: ReadonlySet<string>;
  /** Servers that could not be looked at: whether K3s runs there is not known. */
  readonly unseen: ReadonlySet<string>;
  /** Hash of the cluster's authority; absent before its first server was started. */
  readonly authority?: string;
  /** Addresses that the machines have on their interfaces. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
}

/** Something about the fixed address that a person should know. */
export interface AddressFinding {
  /** `error`: somebody does not reach the cluster by it. `warning`: it costs availability. `note`: worth knowing. */
  readonly severity: 'error' | 'warning' | 'note';
  /** No agent that sees this can join; whoever sees it stands in `places`. */
  readonly stopsJoining: boolean;
  readonly places: readonly string[];
  readonly problem: Problem;
}

/** Builds a finding that stops nobody. */
export function finding(
  severity: AddressFinding['severity'],
  places: readonly string[],
  problem: Problem,
): AddressFinding {
  return { severity, stopsJoining: false, places, problem };
}

/** `10.0.0.100:6443`, as people write it. */
export function addressWords({ loadBalancer }: Cluster): string {
  if (loadBalancer === undefined) return '';
  const { address, port } = loadBalancer;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Nobody of the cluster can answer yet. */
export function isBeforeFirst({ running, unseen }: AddressView): boolean {
  return running.size === 0 && unseen.size === 0;
}

/** Ports of the servers with an API, as words. */
export function portsOf({ cluster }: AddressView): string {
  return listed([...new Set(apiServers(cluster).map((server) => String(apiPort(cluster, server))))]);
}

/** `from server-1 and this computer`; all who looked are not named one by one. */
export function seenFrom(places: readonly string[], { sights }: AddressView): string {
  return places.length > 1 && places.length === sights.size ? 'from everywhere' : `from ${listed(places)}`;
}

/** Whether an address belongs to a machine, as the file or the machine itself says. */
export function hasAddress(machine: ClusterMachine | ClusterNode, address: string, view: AddressView): boolean {
  const outside = 'role' in machine ? (optionText(view.cluster, machine, 'node-external-ip') ?? '').split(',') : [];
  return [machine.host, machine.address, ...outside, ...(view.interfaces.get(machine.id) ?? [])].some(
    (own) => own !== '' && sameAddress(own, address),
  );
}

/** The machine of the file that has an address; undefined for a stranger's. */
export function ownerOf(address: string, view: AddressView): string | undefined {
  return machinesOf(view.cluster).find((machine) => hasAddress(machine, address, view))?.id;
}
