import type { Cluster } from '../../cluster/cluster';
import { datastoreKind } from './datastore';
import { writtenText } from '../../cluster/written';

/** Whether every server with embedded etcd is told to join, so that none founds the cluster. */
export function nobodyFounds(cluster: Cluster): boolean {
  return (
    cluster.servers.length > 0 &&
    datastoreKind(cluster) === 'embedded-etcd' &&
    cluster.servers.every((server) => writtenText(server, 'server') !== undefined)
  );
}
