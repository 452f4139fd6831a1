import { say } from '../base/say';
import { oncePer } from '../base/remember';
import type { Cluster } from '../cluster/cluster';
import { machinesOf } from '../cluster/roles';
import type { MatchedNodes } from './matchNodes';

/**
 * Addresses that belong to one machine and that the node of another one reports: traffic for the first ends at the second.
 * https://github.com/kube-vip/kube-vip/issues/1288
 */
export function sharedAddresses(
  cluster: Cluster,
  matched: MatchedNodes['matched'],
  live: readonly { readonly addresses: readonly string[] }[],
): readonly string[] {
  const owners = ownersOf(cluster);
  return matched.flatMap(([{ id }, at]) =>
    (at === undefined ? [] : (live[at]?.addresses ?? [])).flatMap((address) => {
      const owner = owners.get(address);
      return owner === undefined || owner === id ? [] : [say`${id} has ${address}, the address of ${owner}`];
    }),
  );
}

/** Machines by their addresses; one that several have in the file, behind ports of one host, tells nobody. */
const ownersOf = oncePer((cluster: Cluster): ReadonlyMap<string, string | undefined> => {
  const owners = new Map<string, string | undefined>();
  for (const { id, host, address } of machinesOf(cluster))
    for (const one of new Set([host, address]))
      owners.set(one, owners.has(one) && owners.get(one) !== id ? undefined : id);
  return owners;
});
