import type { NodeRole } from '../../core/k3s/nodeRole';

/** Options of `k3s server` and `k3s agent`. https://docs.k3s.io/cli/server https://docs.k3s.io/cli/agent */
const SHARED = words(`
  config debug v vmodule log alsologtostderr bind-address data-dir token token-file server node-name with-node-id node-label node-taint
  image-credential-provider-bin-dir image-credential-provider-config docker container-runtime-endpoint default-runtime image-service-endpoint
  disable-default-registry-endpoint nonroot-devices pause-image snapshotter private-registry airgap-extra-registry node-ip node-external-ip
  node-internal-dns node-external-dns resolv-conf flannel-iface flannel-conf flannel-cni-conf vpn-auth vpn-auth-file kubelet-arg kube-proxy-arg
  protect-kernel-defaults enable-pprof rootless prefer-bundled-bin selinux lb-server-port`);

const SERVER_ONLY = words(`
  https-listen-port supervisor-port apiserver-port apiserver-bind-address advertise-address advertise-port tls-san tls-san-security cluster-cidr
  service-cidr service-node-port-range cluster-dns cluster-domain flannel-backend flannel-ipv6-masq flannel-external-ip egress-selector-mode
  servicelb-namespace write-kubeconfig write-kubeconfig-mode write-kubeconfig-group write-kubeconfig-name helm-job-image agent-token agent-token-file
  cluster-init cluster-reset cluster-reset-restore-path kube-apiserver-arg etcd-arg kube-controller-manager-arg kube-scheduler-arg
  helm-controller-arg kube-cloud-controller-manager-arg kine-tls datastore-endpoint datastore-cafile datastore-certfile datastore-keyfile
  etcd-expose-metrics etcd-disable-snapshots etcd-snapshot-name etcd-snapshot-schedule-cron etcd-snapshot-reconcile-interval etcd-snapshot-retention
  etcd-snapshot-dir etcd-snapshot-compress etcd-s3 etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-skip-ssl-verify etcd-s3-access-key etcd-s3-secret-key
  etcd-s3-session-token etcd-s3-bucket etcd-s3-bucket-lookup-type etcd-s3-region etcd-s3-folder etcd-s3-retention etcd-s3-proxy etcd-s3-config-secret
  etcd-s3-insecure etcd-s3-timeout default-local-storage-path disable disable-scheduler disable-cloud-controller disable-kube-proxy
  disable-network-policy disable-helm-controller disable-apiserver disable-controller-manager disable-etcd embedded-registry supervisor-metrics
  system-default-registry secrets-encryption secrets-encryption-provider disable-agent kube-controller-arg kube-cloud-controller-arg`);

const AGENT_ONLY = words('disable-apiserver-lb');

/** Options that take no value of their own on a command line. */
export const SWITCHES: ReadonlySet<string> = words(`
  debug alsologtostderr tls-san-security flannel-ipv6-masq flannel-external-ip cluster-init cluster-reset kine-tls etcd-expose-metrics
  etcd-disable-snapshots etcd-snapshot-compress etcd-s3 etcd-s3-skip-ssl-verify etcd-s3-insecure disable-scheduler disable-cloud-controller
  disable-kube-proxy disable-network-policy disable-helm-controller disable-apiserver disable-controller-manager disable-etcd embedded-registry
  supervisor-metrics with-node-id docker disable-default-registry-endpoint nonroot-devices protect-kernel-defaults secrets-encryption enable-pprof
  rootless prefer-bundled-bin selinux disable-agent disable-apiserver-lb`);

/** Options whose value K3s hides in the node-args annotation. */
export const SECRET_FLAGS: ReadonlySet<string> = words(
  'token agent-token datastore-endpoint etcd-s3-access-key etcd-s3-secret-key etcd-s3-session-token vpn-auth',
);

/** Options whose single value may hold a list with commas. */
export const COMMA_FLAGS: ReadonlySet<string> = words(
  'tls-san cluster-cidr service-cidr cluster-dns disable node-ip node-external-ip node-internal-dns node-external-dns',
);

/** Environment variables that stand for an option that neither config.yaml nor the command line gives. */
export const FLAG_ENVIRONMENT: Readonly<Record<string, string>> = {
  K3S_DEBUG: 'debug',
  K3S_SUPERVISOR_PORT: 'supervisor-port',
  K3S_APISERVER_PORT: 'apiserver-port',
  K3S_APISERVER_BIND_ADDRESS: 'apiserver-bind-address',
  K3S_DATA_DIR: 'data-dir',
  K3S_KUBECONFIG_OUTPUT: 'write-kubeconfig',
  K3S_KUBECONFIG_MODE: 'write-kubeconfig-mode',
  K3S_KUBECONFIG_GROUP: 'write-kubeconfig-group',
  K3S_KUBECONFIG_NAME: 'write-kubeconfig-name',
  K3S_TOKEN: 'token',
  K3S_TOKEN_FILE: 'token-file',
  K3S_AGENT_TOKEN: 'agent-token',
  K3S_AGENT_TOKEN_FILE: 'agent-token-file',
  K3S_URL: 'server',
  K3S_CLUSTER_INIT: 'cluster-init',
  K3S_CLUSTER_RESET: 'cluster-reset',
  K3S_DATASTORE_ENDPOINT: 'datastore-endpoint',
  K3S_DATASTORE_CAFILE: 'datastore-cafile',
  K3S_DATASTORE_CERTFILE: 'datastore-certfile',
  K3S_DATASTORE_KEYFILE: 'datastore-keyfile',
  K3S_NODE_NAME: 'node-name',
  K3S_SYSTEM_DEFAULT_REGISTRY: 'system-default-registry',
  K3S_RESOLV_CONF: 'resolv-conf',
  K3S_VPN_AUTH: 'vpn-auth',
  K3S_VPN_AUTH_FILE: 'vpn-auth-file',
  K3S_SELINUX: 'selinux',
  K3S_LB_SERVER_PORT: 'lb-server-port',
};

export const FLAG_ALIASES: Readonly<Record<string, string>> = {
  l: 'log',
  d: 'data-dir',
  o: 'write-kubeconfig',
  t: 'token',
  s: 'server',
  i: 'node-ip',
};

/** Whether this version of K3s knows the option for this role. */
export function isKnownFlag(role: NodeRole, name: string): boolean {
  return SHARED.has(name) || (role === 'server' ? SERVER_ONLY : AGENT_ONLY).has(name);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
