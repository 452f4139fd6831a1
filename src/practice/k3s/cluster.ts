import { createHash, randomBytes } from 'node:crypto';
import type { PracticeEvent } from '../events';
import type { PracticeHost } from '../machine/host';
import type { K3sLog } from '../machine/journal';
import { createClusterCertificates, type ClusterCertificates, type KeyPair } from './certificates';
import type { K3sConfig } from './config';
import { firstEncryption, type Encryption } from './encryption';
import type { EtcdMember } from './etcd';
import { leaseStore, type LeaseStore } from './leaseStore';
import { nodeStore, type NodeObject, type NodeStore } from './nodeStore';
import { readyStatus } from './nodeObject';
import { workloads, type Workloads } from './podStore';
import type { SnapshotRecord } from './snapshotRecord';

/** What a cluster's datastore holds. It belongs to no process: servers come and go. */
export interface K3sCluster {
  readonly certificates: ClusterCertificates;
  /** When its first object was made. */
  created: number;
  /** The secret part of the server token. */
  password: string;
  agentPassword: string;
  /** How Secrets are encrypted; absent when they are not. */
  encryption: Encryption | undefined;
  /** Values that every further server has to share. */
  readonly criticalValues: ReadonlyMap<string, string>;
  readonly nodes: NodeStore;
  /** Node name → content of /etc/rancher/node/password at its first registration. */
  readonly nodePasswords: Map<string, string>;
  /** Names in the serving certificate (secret kube-system/k3s-serving), shared by all servers. */
  readonly names: Set<string>;
  /** Names that were taken out of its list: they go when all servers start without a certificate. */
  readonly droppedNames: Set<string>;
  /** The one certificate that all servers show, and the names that it was made for. */
  serving: { readonly names: string; readonly pair: Promise<KeyPair> } | undefined;
  /** Members of embedded etcd; empty with any other datastore. */
  readonly members: Set<EtcdMember>;
  /** etcd is as large as its usual quota allows. */
  full: boolean;
  /** etcd's id of the cluster, decimal digits; empty with any other datastore. */
  etcdId: string;
  /** The server that has the lease of K3s's etcd controller: only it takes members out. */
  etcdController: ServerRun | undefined;
  /** The server that has the leases of the Kubernetes controllers: it ends when it loses them. */
  controllers: ServerRun | undefined;
  /** The member that led when somebody looked last. */
  leader: EtcdMember | undefined;
  /** Server processes that run now. */
  readonly servers: Set<ServerRun>;
  /** Kubelets that run now, by node name. */
  readonly kubelets: Map<string, Kubelet>;
  /** Simulated milliseconds without a heartbeat, by node name. */
  readonly silence: Map<string, number>;
  readonly leases: LeaseStore;
  /** Manifests that were applied, by their base name. */
  readonly addons: Map<string, string>;
  /** Pods that the manifests asked for. */
  readonly workloads: Workloads;
  /** Snapshots that K3s knows of, by the names of their objects. */
  readonly snapshots: Map<string, SnapshotRecord>;
  /** Who has the lease of kube-vip, and for how many looks it was not renewed. */
  readonly vip: { holder: PracticeHost | undefined; silence: number };
  /** Does something after a time of the fleet. */
  readonly later: (ms: number, work: () => void) => void;
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
  member?: EtcdMember;
  /** Whether the external database answers this server now; absent with embedded etcd and SQLite. */
  readonly databaseAnswers?: () => boolean;
  /** What a connection to the external database meets when it does not answer. */
  readonly databaseRefusal?: string;
  readonly log: K3sLog;
  /** The port is open and nothing stands behind it yet. */
  starting: boolean;
  /** The API server asks for credentials: seconds before it is ready. */
  apiOpen: boolean;
  /** The Kubernetes API is ready (as far as its datastore is). */
  apiUp: boolean;
  /** Its controllers have begun to compare Nodes with the members of etcd. */
  comparesVoters: boolean;
  /** The supervisor says that K3s is ready, with or without an API server of its own. */
  coreReady: boolean;
  /** Manifests in the folder of this server as it has applied them. */
  readonly applied: Map<string, string>;
  /** Makes a new serving certificate after the cluster's names have changed. */
  refreshCertificate: () => Promise<void>;
  /** Ends the process; the text is that of the fatal message. */
  readonly fail: (message: string) => void;
  /** Its etcd member was removed while it runs: etcd ends, K3s does not. */
  memberRemoved: () => void;
}

export interface Kubelet {
  readonly host: PracticeHost;
  /** Hosts of the servers to which it holds no tunnel, and does not know. */
  readonly lost: Set<string>;
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
  later: (ms: number, work: () => void) => void = () => {},
  certificates?: ClusterCertificates,
): Promise<K3sCluster> {
  const password = seed.password ?? randomBytes(16).toString('hex');
  return {
    certificates: certificates ?? (await createClusterCertificates(now)),
    created: now,
    password,
    agentPassword: seed.agentPassword ?? password,
    encryption: seed.criticalValues.get('secrets-encryption') === 'true' ? firstEncryption() : undefined,
    criticalValues: seed.criticalValues,
    nodes: nodeStore(({ type, object }, before) => {
      if (type === 'DELETED') emit({ kind: 'node', node: object.metadata.name, status: 'Removed' });
      else if (readyStatus(object) !== (before === undefined ? undefined : readyStatus(before)))
        emit({ kind: 'node', node: object.metadata.name, status: readyStatus(object) });
    }),
    nodePasswords: new Map(),
    names: new Set(),
    droppedNames: new Set(),
    serving: undefined,
    members: new Set(),
    full: false,
    etcdId: '',
    leader: undefined,
    etcdController: undefined,
    controllers: undefined,
    servers: new Set(),
    kubelets: new Map(),
    silence: new Map(),
    leases: leaseStore(),
    addons: new Map(),
    workloads: workloads(),
    snapshots: new Map(),
    vip: { holder: undefined, silence: 0 },
    later,
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
