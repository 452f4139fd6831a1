/**
 * Durations of a real K3s in milliseconds, before the fleet's time scale. What K3s sets itself is as recorded; what depends
 * on the machine is that of a machine of its own, where the recorded hosts shared two cores.
 */
export const TIMINGS = {
  /** The datastore takes the data of the authorities again, encrypted with another token. */
  rotation: 1000,
  /** Every Secret is written again. */
  reencryption: 5000,
  /** The first call of a new binary unpacks its programs; recorded as 2.6 to 3.5 s with two cores for all hosts. */
  unpack: 2600,
  /** Process start to a look at the datastore. */
  boot: 200,
  /** The port is open and answers 503 to everything. */
  starting: 800,
  /** Database schema, etcd start. */
  datastore: 1000,
  /** Certificates and bootstrap data of a new cluster, or those of a cluster that is joined. */
  bootstrap: 300,
  /** Datastore to an API server that asks for credentials. */
  apiServer: 6000,
  /** From then until it is ready: the hooks that run after its start. */
  apiHooks: 3500,
  /** API ready to K3s saying so. */
  settle: 2500,
  /** Ready to the registered node: containerd and kubelet. */
  kubelet: 2000,
  /** Registered to Ready: the pod network comes up, images are there. */
  podNetwork: 1000,
  /** Registered to roles and annotations of etcd. */
  nodeRoles: 2000,
  /** K3s compares nodes with etcd's members. */
  voterCheck: 10_000,
  /** And begins with it so long after its API is back. */
  voterBegin: 9000,
  /** A server without an API server looks for the addresses of others. */
  apiAddresses: 5000,
  /** A learner copies the data of the leader. */
  learnerSync: 1500,
  /** The leader looks for learners to promote. */
  promotion: 5000,
  /** A server asks its own etcd for its state. */
  learnerCheck: 15_000,
  /** A server looks whether its turn to join etcd has come. */
  joinRetry: 5000,
  /** An etcd whose member was removed ends. */
  etcdEnds: 10_000,
  /** A deleted node waits for its etcd member to leave. */
  finalizer: 1500,
  /** A lease of K3s's controllers runs out. */
  leaseExpiry: 45_000,
  /** Controllers without datastore give up. */
  leaderLost: 11_000,
  /** An agent repeats its request. */
  agentRetry: 2000,
  /** The same after its token was refused: recorded as six to nine seconds. */
  tokenRetry: 7000,
  /** An agent or server asks again whether its node password is accepted. */
  passwordRetry: 5000,
  databasePing: 1000,
  bootstrapLock: 5000,
  /** Connecting to something that does not answer. */
  connectTimeout: 10_000,
  /** The API gives up waiting for etcd. */
  requestTimeout: 7000,
  /** Manifests are looked at, and kube-vip renews its lease. */
  addons: 1000,
  /** A pod with its images starts, and one that was evicted ends. */
  podStart: 1500,
  podEnd: 2000,
  /** Interval in which the controllers look at node heartbeats. */
  heartbeat: 2000,
  /** A node without heartbeats becomes Unknown after this: its last one is 50 seconds old by then. */
  nodeGrace: 48_000,
  /** `etcd-snapshot save`; recorded as 1.0 to 1.3 s. */
  snapshot: 1000,
  /** `server --cluster-reset` with a snapshot. */
  reset: 7000,
  reboot: 15_000,
} as const;
