import type { Cluster } from '../../cluster/cluster';
import { listOf } from '../../cluster/configValue';
import { option } from '../../cluster/options';
import { parseCidr, type Cidr } from '../../k3s/cidr';

/** A network of the cluster. */
export interface ClusterNetwork {
  readonly kind: 'pod' | 'service';
  readonly text: string;
  readonly cidr: Cidr;
}

const OPTIONS = [
  ['pod', 'cluster-cidr', '10.42.0.0/16'],
  ['service', 'service-cidr', '10.43.0.0/16'],
] as const;

/** The networks of pods and of services, as the first server gets them. */
export function clusterNetworks(cluster: Cluster): readonly ClusterNetwork[] {
  const [server] = cluster.servers;
  return OPTIONS.flatMap(([kind, name, usual]) => {
    const written = server === undefined ? undefined : option(cluster, server, name)?.value;
    const texts = written === undefined ? [usual] : listOf(written).flatMap((text) => text.split(','));
    return texts.flatMap((text) => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ kind, text: text.trim(), cidr }];
    });
  });
}
