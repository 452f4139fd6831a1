import type { PracticeHost } from '../machine/host';

/** Ports that parts of K3s open, as `ss -lnt` shows them. Recorded for each kind of node: ports-four-kinds.txt */
const PORTS = {
  /** Kubelet and kube-proxy, containerd, and the balancer through which they reach a server. */
  agent: [6444, 10010, 10248, 10249, 10250, 10256],
  /** The cloud controller runs in every server, the others only beside an API server. */
  server: [10258],
  api: [10257, 10259],
  etcd: [2379, 2380, 2381, 2382],
  /** A server without etcd reaches that of the others through a balancer of its own. */
  etcdBalancer: [2379],
} as const;

/** Opens the ports of a part; gives what closes them again. They are taken in name only: nothing listens behind them. */
export function openPorts(host: PracticeHost, part: keyof typeof PORTS): () => void {
  const opened = PORTS[part].filter((port) => !host.ports.has(port));
  for (const port of opened) host.ports.add(port);
  return () => {
    for (const port of opened) host.ports.delete(port);
  };
}
