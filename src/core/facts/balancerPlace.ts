import type { ClusterMachine, LoadBalancer } from '../cluster/cluster';
import { cidrContains, parseCidr, sameAddress } from '../k3s/cidr';
import type { HostInterface } from './balancerFacts';
import type { HostFacts } from './probe';

/** Where a machine carries the fixed address. */
export interface BalancerPlace {
  readonly interface: string;
  /** Its own address there. */
  readonly own: string;
}

/** The interface of the file, or the one whose network the address belongs to, with the machine's own address there. */
export function balancerPlace(
  { address, interface: wanted }: LoadBalancer,
  seen: HostFacts | undefined,
  machine: ClusterMachine,
): BalancerPlace | undefined {
  const own = (seen?.balancer?.interfaces ?? []).filter(
    (one) => !sameAddress(one.address, address) && one.address.includes(':') === address.includes(':'),
  );
  const network = ({ address: base, prefix }: HostInterface): boolean => {
    const cidr = parseCidr(`${base}/${prefix}`);
    return cidr !== undefined && cidrContains(cidr, address);
  };
  const there = wanted === undefined ? own.filter(network) : own.filter(({ name }) => name === wanted);
  const found = there.find((one) => sameAddress(one.address, machine.address)) ?? there[0];
  return found === undefined ? undefined : { interface: found.name, own: found.address };
}
