import { createHash, randomBytes } from 'node:crypto';
import type { PracticeEvent } from '../events';
import type { PracticeHost } from '../machine/host';
import { createClusterCertificates, type ClusterCertificates } from './certificates';
import type { K3sConfig } from './config';
import type { EtcdMember } from './etcd';
import { nodeStore, type NodeObject, type NodeStore } from './nodeStore';
import { readyStatus } from './nodeObject';

/** What a cluster's datastore holds. It belongs to no process: servers come and go. */
export interface K3sCluster {
  readonly certificates: ClusterCertificates;
  /** The secret part of the server token. */
  readonly password: string;
  agentPassword: string;
  /** Values that every further server has to share. */
  readonly criticalValues: ReadonlyMap<string, string>;
  readonly nodes: NodeStore;
  /** Node name → content of /etc/rancher/node/password at its first registration. */
  readonly nodePasswords: Map<string, string>;
  /** Names in the serving certificate (secret kube-system/k3s-serving), shared by all servers. */
  readonly names: Set<string>;
  /** Members of embedded etcd; empty with any other datastore. */
  readonly members: Set<EtcdMember>;
  /** etcd's id of the cluster, decimal digits; empty with any other datastore. */
  etcdId: string;
  /** The member that led when somebody looked last. */
  leader: EtcdMember | undefined;
  /** Server processes that run now. */
  readonly servers: Set<ServerRun>;
  /** Kubelets that run now, by node name. */
  readonly kubelets: Map<string, Kubelet>;
  /** Simulated milliseconds without a heartbeat, by node name. */
  readonly silence: Map<string, number>;
}

/** A running `k3s server`. */
export interface ServerRun {
  readonly host: PracticeHost;
  readonly config: K3sConfig;
  readonly nodeName: string;
  readonly cluster: K3sCluster;
  /** Address that other nodes are told to use. */
  readonly advertise: string;
  readonly port: number;
  readonly member?: EtcdMember;
  /** Whether the external database answers this server now; absent with embedded etcd and SQLite. */
  readonly databaseAnswers?: () => boolean;
  /** The Kubernetes API answers (as far as its datastore does). */
  apiUp: boolean;
  /** The supervisor says that K3s is ready, with or without an API server of its own. */
  coreReady: boolean;
  /** Makes a new serving certificate after the cluster's names have changed. */
  refreshCertificate: () => Promise<void>;
  /** Ends the process, for example when its etcd member was removed. */
  readonly fail: (message: string) => void;
}

export interface Kubelet {
  readonly host: PracticeHost;
  /** The pod network is set up, so the node may be Ready. */
  networkReady: boolean;
}

export interface ClusterSeed {
  /** Secret part of the token; absent: K3s makes one up. */
  readonly password?: string;
  readonly agentPassword?: string;
  readonly criticalValues: ReadonlyMap<string, string>;
}

/** Everything that a first server creates in an empty datastore. */
export async function createCluster(
  seed: ClusterSeed,
  now: number,
  emit: (event: PracticeEvent) => void,
): Promise<K3sCluster> {
  const password = seed.password ?? randomBytes(16).toString('hex');
  return {
    certificates: await createClusterCertificates(now),
    password,
    agentPassword: seed.agentPassword ?? password,
    criticalValues: seed.criticalValues,
    nodes: nodeStore(({ type, object }, before) => {
      if (type === 'DELETED') emit({ kind: 'node', node: object.metadata.name, status: 'Removed' });
      else if (readyStatus(object) !== (before === undefined ? undefined : readyStatus(before)))
        emit({ kind: 'node', node: object.metadata.name, status: readyStatus(object) });
    }),
    nodePasswords: new Map(),
    names: new Set(),
    members: new Set(),
    etcdId: '',
    leader: undefined,
    servers: new Set(),
    kubelets: new Map(),
    silence: new Map(),
  };
}

/** sha256 of the server CA file, the hash part of a full token. */
export function caHash(cluster: K3sCluster): string {
  return createHash('sha256').update(cluster.certificates.serverCa.certificate).digest('hex');
}

/** Full token, with which a joining node can verify the cluster before it sends the secret. */
export function fullToken(cluster: K3sCluster, user: 'server' | 'node'): string {
  return `K10${caHash(cluster)}::${user}:${user === 'server' ? cluster.password : cluster.agentPassword}`;
}

/** Changes a node in the store if it is there. */
export function updateNode(cluster: K3sCluster, name: string, change: (node: NodeObject) => NodeObject): void {
  const node = cluster.nodes.get(name);
  if (node !== undefined) cluster.nodes.put(change(node));
}

/** Deletes a node as `kubectl delete node` does: its password is forgotten and its etcd member leaves. */
export function removeNode(cluster: K3sCluster, name: string): NodeObject | undefined {
  const removed = cluster.nodes.remove(name);
  if (removed === undefined) return undefined;
  cluster.nodePasswords.delete(name);
  for (const member of cluster.members) {
    if (member.nodeName !== name) continue;
    cluster.members.delete(member);
    const server = [...cluster.servers].find((candidate) => candidate.member === member);
    server?.fail('This node has been removed from the cluster - please restart k3s to rejoin the cluster');
  }
  return removed;
}
