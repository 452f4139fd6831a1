import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { FileQuestion } from '../../core/facts/fileFacts';
import { isPlainAddress } from '../../core/loadBalancer/backends';
import { BALANCER_RECORD, balancerRecord } from '../../core/loadBalancer/balancerRecord';
import { textFile, type DesiredFile } from './desiredFiles';
import type { Sha256 } from './sha256';

/** No content has this sha256: asked for it, a host tells the text that is there. */
const NONE = '0'.repeat(64);

/** Servers remember the machines of the load balancer that are no nodes: those may leave the file whole. */
export function recordedBalancers(cluster: Cluster, node: ClusterNode, sha256: Sha256): readonly DesiredFile[] {
  const text = recordText(cluster, node);
  return text === undefined ? [] : [textFile(BALANCER_RECORD, text, 'loadBalancer', sha256)];
}

function recordText({ loadBalancer, ...cluster }: Cluster, { role }: ClusterNode): string | undefined {
  const proxy = loadBalancer?.type;
  if (role !== 'server' || loadBalancer === undefined || (proxy !== 'haproxy' && proxy !== 'nginx')) return undefined;
  const nodes = new Set(nodesOf(cluster).map(({ id }) => id));
  const own = loadBalancer.nodes.filter(({ id, host }) => !nodes.has(id) && isPlainAddress(host));
  if (own.length === 0) return undefined;
  return balancerRecord(own.map(({ host }) => ({ address: loadBalancer.address, proxy, host })));
}

/** What a server without a wish for the record is asked of it. */
export function recordQuestions(cluster: Cluster, node: ClusterNode): readonly FileQuestion[] {
  if (node.role !== 'server' || recordText(cluster, node) !== undefined) return [];
  return [{ path: BALANCER_RECORD, unlessSha256: NONE }];
}
