/** Durations of a real K3s in milliseconds, before the fleet's time scale. */
export const TIMINGS = {
  /** Process start to a look at the datastore. */
  boot: 500,
  /** Database schema, etcd start. */
  datastore: 1000,
  /** Certificates and bootstrap data of a new cluster. */
  bootstrap: 1500,
  /** Supervisor port to a serving API server. */
  apiServer: 6000,
  /** Containerd and kubelet until the node is registered. */
  kubelet: 2000,
  /** Registered to Ready: the pod network comes up. */
  podNetwork: 6000,
  /** A learner copies the data of the leader. */
  learnerSync: 2000,
  /** The leader looks for learners to promote. */
  promotion: 15_000,
  /** A server asks its own etcd for its state. */
  learnerCheck: 15_000,
  /** A server looks whether its turn to join etcd has come. */
  joinRetry: 5000,
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
  /** Interval in which the controllers look at node heartbeats. */
  heartbeat: 2000,
  /** A node without heartbeats becomes Unknown after this. */
  nodeGrace: 40_000,
  reboot: 15_000,
} as const;
