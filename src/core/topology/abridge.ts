import { say } from '../base/say';
import type { Cluster, ClusterNode, Datastore, LoadBalancer } from '../cluster/cluster';
import { zonesOf } from './roles';
import { listed } from '../base/words';

/** More than any K3s cluster has and than anybody could tell apart; lines run from each of these to each other. */
const MOST_SERVERS = 30;
const MOST_BALANCER_HOSTS = 10;
const MOST_ENDPOINTS = 20;
const MOST_ZONES = 30;

/** A cluster that can be drawn and played through at once. */
export interface Abridged {
  /** The same object when nothing had to be left out. */
  readonly cluster: Cluster;
  /** What was left out, as a sentence; empty when nothing was. */
  readonly words: string;
}

/**
 * The first servers, load balancer hosts and datastore members of a cluster that has far too many, so that the work of a
 * picture stays bounded whatever a file says. Nodes of further zones count as nodes without one.
 */
export function abridge(cluster: Cluster): Abridged {
  const { servers, loadBalancer, datastore } = cluster;
  const zones = zonesOf([...servers.slice(0, MOST_SERVERS), ...cluster.agents]);
  const hosts = loadBalancer?.nodes.length ?? 0;
  const endpoints = (datastore.endpoint ?? '').split(',').length;
  const left = [
    ...(servers.length > MOST_SERVERS ? [say`${MOST_SERVERS} of ${servers.length} servers`] : []),
    ...(hosts > MOST_BALANCER_HOSTS ? [say`${MOST_BALANCER_HOSTS} of ${hosts} load balancer hosts`] : []),
    ...(endpoints > MOST_ENDPOINTS ? [say`${MOST_ENDPOINTS} of ${endpoints} datastore members`] : []),
    ...(zones.length > MOST_ZONES ? [say`${MOST_ZONES} of ${zones.length} zones`] : []),
  ];
  if (left.length === 0) return { cluster, words: '' };
  const kept = new Set(zones.slice(0, MOST_ZONES));
  const inZone = (node: ClusterNode): ClusterNode =>
    zones.length <= MOST_ZONES || kept.has(node.zone) ? node : withoutZone(node);
  const shown: Cluster = {
    ...cluster,
    servers: servers.slice(0, MOST_SERVERS).map(inZone),
    agents: cluster.agents.map(inZone),
    datastore: shownDatastore(datastore),
    ...(loadBalancer === undefined ? {} : { loadBalancer: shownBalancer(loadBalancer) }),
  };
  return { cluster: shown, words: say`Shown are the first ${listed(left)}.` };
}

function shownBalancer(balancer: LoadBalancer): LoadBalancer {
  return { ...balancer, nodes: balancer.nodes.slice(0, MOST_BALANCER_HOSTS) };
}

function shownDatastore(datastore: Datastore): Datastore {
  return datastore.endpoint === undefined
    ? datastore
    : { ...datastore, endpoint: datastore.endpoint.split(',').slice(0, MOST_ENDPOINTS).join(',') };
}

function withoutZone({ zone: _left, ...node }: ClusterNode): ClusterNode {
  return node;
}
