import { holdsReference, parseDatastoreEndpoint } from '../datastore/endpoint/dsn';
import { datastoreOfType } from '../datastore/registry';
import { addressFamily } from '../k3s/cidr';
import { registryHosts } from '../k3s/registries';
import type { Cluster, ClusterMachine } from './cluster';
import { optionText } from './options';
import { balancerMachines, nodesOf } from './roles';

/** A name that a machine has to find the address of. */
export interface UsedName {
  readonly name: string;
  /** Who looks elsewhere at the same, with more than its address. */
  readonly of: 'address' | 'datastore' | 'server' | 'registry';
  /** What it names, as the rest of a sentence: `the datastore`. */
  readonly what: string;
}

const A_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** The names that the file has one machine use, each once; what is an address, or comes out of a reference, is none. */
export function usedNames(cluster: Cluster, machine: ClusterMachine): readonly UsedName[] {
  const node = nodesOf(cluster).find(({ id }) => id === machine.id);
  const { loadBalancer, servers, datastore, registries } = cluster;
  const balances = balancerMachines(cluster).some(({ id }) => id === machine.id);
  const [first] = servers;
  const used: UsedName[] = [];
  const use = (of: UsedName['of'], what: string, ...names: readonly (string | undefined)[]): void => {
    for (const name of names)
      if (name !== undefined && A_NAME.test(name) && addressFamily(name) === undefined) used.push({ name, of, what });
  };
  if (node !== undefined) {
    use('address', 'the fixed address', loadBalancer?.address);
    // Without a fixed address all others join through the first server.
    if (loadBalancer === undefined && node.id !== first?.id) use('server', 'the first server', first?.address);
    if (node.role === 'server' && datastoreOfType(datastore.type).home === 'outside') {
      const { addresses } = parseDatastoreEndpoint(datastore.endpoint ?? '');
      use('datastore', 'the datastore', ...addresses.map(({ host }) => host).filter((host) => !holdsReference(host)));
    }
    if (registries?.kind === 'written') use('registry', 'a registry of images', ...registryHosts(registries.data));
    use('registry', 'a registry of images', registryName(optionText(cluster, node, 'system-default-registry')));
  }
  if (balances) use('server', 'a server behind the load balancer', ...servers.map(({ address }) => address));
  return [...new Map(used.map((one) => [one.name, one] as const)).values()];
}

function registryName(written: string | undefined): string | undefined {
  return written?.replace(/[:/].*$/, '');
}
