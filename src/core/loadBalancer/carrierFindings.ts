import { problem } from '../base/problem';
import { listed } from '../base/words';
import { machinesOf } from '../cluster/roles';
import { sameAddress } from '../k3s/cidr';
import { finding, type AddressFinding, type AddressView } from './addressFinding';

/** Machines of the file that have an address themselves which somebody else is to carry. */
export function carrierFindings({ cluster, interfaces }: AddressView): readonly AddressFinding[] {
  const { loadBalancer } = cluster;
  if (loadBalancer?.type !== 'external') return [];
  const { address } = loadBalancer;
  const carriers = machinesOf(cluster)
    .filter(
      ({ id, address: own }) =>
        !sameAddress(own, address) && interfaces.get(id)?.some((one) => sameAddress(one, address)) === true,
    )
    .map(({ id }) => id);
  const [only] = carriers;
  if (only === undefined) return [];
  if (carriers.length > 1) {
    return [
      finding(
        'error',
        carriers,
        problem('address-twice', `${listed(carriers)} have the address ${address} at the same time`, {
          why: 'Machines of the network reach now one of them, now another one, and lose connections each time.',
          nextSteps: [
            'See what moves it there (keepalived, kube-vip): its members do not hear each other. Take it off all but one.',
          ],
        }),
      ),
    ];
  }
  return [
    finding(
      'note',
      [only],
      problem('address-on-machine', `${only} has the address ${address} itself`, {
        host: only,
        why: 'With type external something that this file does not name has to move it to another machine when this one fails.',
        nextSteps: ['If nothing does, let K3s HA install it: type kube-vip, or haproxy with nodes.'],
      }),
    ),
  ];
}
