import { later, say } from '../../base/say';
import { groupBy } from '../../base/group';
import { machinesOf } from '../../cluster/roles';
import { canonicalAddress, ipv4Number } from '../../k3s/cidr';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const addressOfAnother = defineHostCheck({
  id: 'address-of-another',
  severity: 'error',
  title: later`A machine has the own address of another one`,
  rationale: `Whoever asks for the one machine reaches the other, so both seem to come and go. A kube-vip that announces Services beside ServiceLB does that: ServiceLB writes the addresses of nodes into the status of Services, and kube-vip puts what stands there on the interface of one machine. The nodes that lose their addresses lose the network with them.`,
  sources: [DOCUMENTS.kubeVipNodes],
  judge: ({ cluster, facts }) => {
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
        .map((owner) => ({
          machine: machine.id,
          message: say`${machine.id} has ${owner.address} on an interface, the address of ${owner.id}`,
          why: say`Who asks for ${owner.id} reaches ${machine.id}. A kube-vip that announces Services beside ServiceLB does that, or one address was given twice.`,
          nextSteps: [
            say`See "ip -o addr show to ${owner.address}" on ${machine.id}. With kube-vip: write svc_enable "false" in its manifest, or disable: [servicelb] under servers.config, then take the address off ${machine.id}.`,
          ],
        })),
    );
  },
});
