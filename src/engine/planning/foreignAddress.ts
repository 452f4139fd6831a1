import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { machinesOf } from '../../core/cluster/roles';
import { canonicalAddress, ipv4Number } from '../../core/k3s/cidr';
import type { Situation } from './situation';

/**
 * A machine that has the own address of another one on its interface: whoever asks there reaches the wrong one. kube-vip does
 * that when it announces Services beside ServiceLB, which writes addresses of nodes into them.
 * https://github.com/kube-vip/kube-vip/issues/1288
 */
export function foreignAddressProblems({ cluster, facts }: Situation): readonly Problem[] {
  const machines = machinesOf(cluster);
  // Each of a thousand machines has addresses that may be those of any other.
  const owners = groupBy(
    machines.filter(({ address }) => ipv4Number(address) !== undefined || address.includes(':')),
    ({ address }) => canonicalAddress(address),
  );
  return machines.flatMap((machine) =>
    [...new Set(facts.get(machine.id)?.addresses.map(canonicalAddress))]
      .flatMap((address) => owners.get(address) ?? [])
      .filter(({ id, host, address }) => id !== machine.id && host !== machine.host && address !== machine.address)
      .map((owner) =>
        problem(
          'address-of-another',
          `${machine.id} has ${owner.address} on an interface, the address of ${owner.id}`,
          {
            host: machine.id,
            why: `Who asks for ${owner.id} reaches ${machine.id}. A kube-vip that announces Services beside ServiceLB does that, or one address was given twice.`,
            nextSteps: [
              `See "ip -o addr show to ${owner.address}" on ${machine.id}. With kube-vip: write svc_enable "false" in its manifest, or disable: [servicelb] under servers.config, then take the address off ${machine.id}.`,
            ],
          },
        ),
      ),
  );
}
