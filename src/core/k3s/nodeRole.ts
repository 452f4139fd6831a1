/** What a node runs: `k3s server` (control plane, and etcd or a datastore) or `k3s agent`. */
export type NodeRole = 'server' | 'agent';
