import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { balancerMachines } from '../../cluster/roles';
import { balancerPlace } from '../../facts/balancerPlace';
import { addressFamily } from '../../k3s/cidr';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const balancerInterfaceUnknown = defineHostCheck({
  id: 'balancer-interface-unknown',
  severity: 'error',
  title: later`No interface for the fixed address`,
  rationale: `keepalived puts the fixed address on an interface of one machine of the load balancer and moves it to another one when that fails. It is the interface of \`loadBalancer.interface\`, or the one in whose network the address is, and it has an address of its own there. On a machine that has no such interface the address cannot be, so it could not take over.`,
  sources: [DOCUMENTS.requirements],
  judge: ({ cluster, facts }) => {
    const { loadBalancer } = cluster;
    const machines = balancerMachines(cluster);
    // One machine alone moves nothing, and a name cannot move at all.
    if (loadBalancer === undefined || machines.length < 2 || addressFamily(loadBalancer.address) === undefined)
      return [];
    return machines.flatMap((machine) => {
      const seen = facts.get(machine.id);
      if (seen?.balancer === undefined || balancerPlace(loadBalancer, seen, machine) !== undefined) return [];
      const names = [...new Set(seen.balancer.interfaces.map(({ name }) => name))];
      return [
        {
          machine: machine.id,
          message:
            loadBalancer.interface === undefined
              ? say`No interface of ${machine.id} is in the network of ${loadBalancer.address}`
              : say`${machine.id} has no interface ${loadBalancer.interface} with an address of its own`,
          nextSteps: [
            say`Its interfaces are ${names.length === 0 ? say`unknown` : listed(names)}: write the right one under loadBalancer.interface.`,
          ],
        },
      ];
    });
  },
});
