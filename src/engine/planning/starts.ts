import type { ServerStart } from '../../core/cluster/configFile';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { optionIsOn } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import type { MachineId } from '../../core/plan/step';

type Facts = ReadonlyMap<MachineId, HostFacts>;

/** Whether a server of this cluster has run on a host. */
export function hasData(facts: HostFacts | undefined): boolean {
  return facts !== undefined && (facts.etcdData || facts.sqliteData || facts.serverToken);
}

export function isRunning(node: ClusterNode, facts: Facts): boolean {
  return facts.get(node.id)?.units[unitOf(node)]?.active === 'active';
}

/** How this node begins, given what is already on the hosts: a wiped first server must join, never found a second cluster. */
export function serverStart(cluster: Cluster, node: ClusterNode, facts: Facts): ServerStart {
  if (node.role === 'agent' || cluster.datastore.type !== 'embedded-etcd') return { kind: 'found' };
  const first = firstServer(cluster, facts);
  if (first === undefined || first === node) {
    const other = cluster.servers.find((server) => server !== node && facts.get(server.id)?.etcdData === true);
    return other === undefined ? { kind: 'found' } : { kind: 'join', through: other.id };
  }
  return { kind: 'join', through: first.id };
}

/** The server that the others join through: one that runs with data, else one with data, else the first of the file. */
export function firstServer(cluster: Cluster, facts: Facts): ClusterNode | undefined {
  const { servers } = cluster;
  const data = (server: ClusterNode): boolean => hasData(facts.get(server.id));
  return (
    servers.find((server) => data(server) && isRunning(server, facts)) ??
    servers.find(data) ??
    servers.find((server) => optionIsOn(cluster, server, 'cluster-init')) ??
    servers[0]
  );
}

/** Hash of the authority of the cluster that runs, as its first server knows it; undefined before the first start. */
export function clusterCaHash(cluster: Cluster, facts: Facts): string | undefined {
  const first = firstServer(cluster, facts);
  const servers = [...(first === undefined ? [] : [first]), ...cluster.servers];
  return servers.map(({ id }) => facts.get(id)?.caHash).find((hash) => hash !== undefined);
}

/**
 * The running server that turns its SQLite into embedded etcd at its next start, and that all others have to wait for:
 * they are refused as long as it has no etcd. https://docs.k3s.io/datastore/ha-embedded#existing-single-node-clusters
 */
export function convertingServer(cluster: Cluster, facts: Facts): ClusterNode | undefined {
  if (cluster.datastore.type !== 'embedded-etcd') return undefined;
  if (cluster.servers.some(({ id }) => facts.get(id)?.etcdData === true)) return undefined;
  return cluster.servers.find((server) => facts.get(server.id)?.sqliteData === true && isRunning(server, facts));
}
