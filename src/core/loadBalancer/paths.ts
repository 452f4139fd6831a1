/** A unit of systemd that carries the load balancer. */
export type BalancerUnit = 'haproxy' | 'nginx' | 'keepalived';

/** What each of them reads. */
export const BALANCER_CONFIGS: Readonly<Record<BalancerUnit, string>> = {
  haproxy: '/etc/haproxy/haproxy.cfg',
  nginx: '/etc/nginx/nginx.conf',
  keepalived: '/etc/keepalived/keepalived.conf',
};

/** Runtime socket of HAProxy, for root alone. */
export const HAPROXY_SOCKET = '/run/haproxy-k3s-ha.sock';

/** The backend of the servers in HAProxy. */
export const HAPROXY_BACKEND = 'k3s-servers';

/** Holds 1 while the proxy of this machine is stopped, else 0. */
export const DOWN_FILE = '/var/lib/k3s-ha/balancer-down';

/** What K3s HA has installed on a machine for the load balancer, one package a line. */
export const PACKAGES_RECORD = '/var/lib/k3s-ha/balancer-packages';

/** The first line of every file that is written: whatever lacks it is somebody else's. */
export const HEADER = '# Written by K3s HA from the cluster file; what is changed here is overwritten by its next run.';

/** What the manifest of kube-vip is called among those that K3s applies. */
export const KUBE_VIP_FILE = 'kube-vip.yaml';
