import type { K3sCluster, ServerRun } from './cluster';
import type { EtcdMember } from './etcd';
import type { NodeObject } from './nodeStore';
import { LEADER_LOST } from './run';
import { TIMINGS } from './timings';

const MEMBER_NAME = 'etcd.k3s.cattle.io/node-name';
const REMOVE = 'etcd.k3s.cattle.io/remove';

/**
 * Deletes a node as `kubectl delete node` does: a finalizer holds it until its etcd member has left. The member is the one
 * that the node's annotation names, so a second life of the machine leaves the first one's member behind.
 */
export function removeNode(cluster: K3sCluster, name: string): NodeObject | undefined {
  const node = cluster.nodes.get(name);
  if (node === undefined || node.metadata.deletionTimestamp !== undefined) return node;
  const member = memberOf(cluster, node);
  if (member === undefined) {
    forget(cluster, name);
    return node;
  }
  cluster.nodes.put({ ...node, metadata: { ...node.metadata, deletionTimestamp: now() } });
  const server = serverOf(cluster, member);
  // Another server has to get the lease of the one that is leaving first.
  const slow = cluster.etcdController?.nodeName === name;
  const leaves = slow && server === undefined ? TIMINGS.leaseExpiry : TIMINGS.finalizer;
  cluster.later(leaves, () => {
    leave(cluster, member);
    if (server === undefined) {
      forget(cluster, name);
      return;
    }
    // Its controllers lose their leases and K3s ends; systemd starts it again and it joins as a new member.
    cluster.later(TIMINGS.leaderLost, () => server.fail(LEADER_LOST));
    cluster.later(TIMINGS.leaseExpiry, () => forget(cluster, name));
  });
  return node;
}

/** What K3s does when a node is annotated with `etcd.k3s.cattle.io/remove`: the member leaves, the server runs on. */
export function removeAnnotated(cluster: K3sCluster, node: NodeObject): void {
  if (node.metadata.annotations[REMOVE] !== 'true') return;
  const member = memberOf(cluster, node);
  if (member === undefined) return;
  leave(cluster, member);
  const annotations = { ...node.metadata.annotations, 'etcd.k3s.cattle.io/removed-node-name': member.name };
  cluster.nodes.put({ ...node, metadata: { ...node.metadata, annotations } });
}

/** etcd's own way to take a member out, whatever Nodes say; false when there is no such member. */
export function removeMember(cluster: K3sCluster, id: string): boolean {
  const member = [...cluster.members].find((one) => one.id === id);
  if (member !== undefined) leave(cluster, member);
  return member !== undefined;
}

function forget(cluster: K3sCluster, name: string): void {
  cluster.nodes.remove(name);
  cluster.nodePasswords.delete(name);
}

function leave(cluster: K3sCluster, member: EtcdMember): void {
  const server = serverOf(cluster, member);
  cluster.members.delete(member);
  member.online = false;
  server?.memberRemoved();
}

function memberOf(cluster: K3sCluster, node: NodeObject): EtcdMember | undefined {
  return [...cluster.members].find((member) => member.name === node.metadata.annotations[MEMBER_NAME]);
}

function serverOf(cluster: K3sCluster, member: EtcdMember): ServerRun | undefined {
  return [...cluster.servers].find((server) => server.member === member);
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
