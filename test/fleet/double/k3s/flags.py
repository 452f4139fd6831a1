"""Names of the options of `k3s server` and `k3s agent`."""

BOTH = """
    airgap-extra-registry alsologtostderr bind-address config container-runtime-endpoint data-dir debug default-runtime
    disable-default-registry-endpoint docker enable-pprof flannel-cni-conf flannel-conf flannel-iface
    image-credential-provider-bin-dir image-credential-provider-config image-service-endpoint kube-proxy-arg kubelet-arg
    lb-server-port log node-external-dns node-external-ip node-internal-dns node-ip node-label node-name node-taint nonroot-devices
    pause-image prefer-bundled-bin private-registry protect-kernel-defaults resolv-conf rootless selinux server snapshotter token
    token-file v vmodule vpn-auth vpn-auth-file with-node-id
""".split()

SERVER_ONLY = """
    advertise-address advertise-port agent-token agent-token-file apiserver-bind-address apiserver-port cluster-cidr cluster-dns
    cluster-domain cluster-init cluster-reset cluster-reset-restore-path datastore-cafile datastore-certfile datastore-endpoint
    datastore-keyfile default-local-storage-path disable disable-agent disable-apiserver disable-cloud-controller
    disable-controller-manager disable-etcd disable-helm-controller disable-kube-proxy disable-network-policy disable-scheduler
    egress-selector-mode embedded-registry etcd-arg etcd-disable-snapshots etcd-expose-metrics etcd-s3 etcd-s3-access-key
    etcd-s3-bucket etcd-s3-bucket-lookup-type etcd-s3-config-secret etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-folder
    etcd-s3-insecure etcd-s3-proxy etcd-s3-region etcd-s3-retention etcd-s3-secret-key etcd-s3-session-token etcd-s3-skip-ssl-verify
    etcd-s3-timeout etcd-snapshot-compress etcd-snapshot-dir etcd-snapshot-name etcd-snapshot-reconcile-interval
    etcd-snapshot-retention etcd-snapshot-schedule-cron flannel-backend flannel-external-ip flannel-ipv6-masq helm-controller-arg
    helm-job-image https-listen-port kine-tls kube-apiserver-arg kube-cloud-controller-arg kube-cloud-controller-manager-arg
    kube-controller-arg kube-controller-manager-arg kube-scheduler-arg secrets-encryption secrets-encryption-provider service-cidr
    service-node-port-range servicelb-namespace supervisor-metrics supervisor-port system-default-registry tls-san tls-san-security
    write-kubeconfig write-kubeconfig-group write-kubeconfig-mode write-kubeconfig-name
""".split()

AGENT_ONLY = """
    disable-apiserver-lb
""".split()

REPEATABLE = """
    airgap-extra-registry cluster-cidr cluster-dns disable etcd-arg helm-controller-arg kube-apiserver-arg kube-cloud-controller-arg
    kube-cloud-controller-manager-arg kube-controller-arg kube-controller-manager-arg kube-proxy-arg kube-scheduler-arg kubelet-arg
    node-external-dns node-external-ip node-internal-dns node-ip node-label node-taint service-cidr tls-san
""".split()

SWITCHES = """
    alsologtostderr cluster-init cluster-reset debug disable-agent disable-apiserver disable-apiserver-lb disable-cloud-controller
    disable-controller-manager disable-default-registry-endpoint disable-etcd disable-helm-controller disable-kube-proxy
    disable-network-policy disable-scheduler docker embedded-registry enable-pprof etcd-disable-snapshots etcd-expose-metrics etcd-s3
    etcd-s3-insecure etcd-s3-skip-ssl-verify etcd-snapshot-compress flannel-external-ip flannel-ipv6-masq kine-tls nonroot-devices
    prefer-bundled-bin protect-kernel-defaults rootless secrets-encryption selinux supervisor-metrics tls-san-security with-node-id
""".split()

ALIASES = {"c": "config", "l": "log", "d": "data-dir", "o": "write-kubeconfig", "t": "token", "s": "server", "i": "node-ip"}

ENVIRONMENT = {
    "agent-token": "K3S_AGENT_TOKEN",
    "agent-token-file": "K3S_AGENT_TOKEN_FILE",
    "apiserver-bind-address": "K3S_APISERVER_BIND_ADDRESS",
    "apiserver-port": "K3S_APISERVER_PORT",
    "cluster-init": "K3S_CLUSTER_INIT",
    "cluster-reset": "K3S_CLUSTER_RESET",
    "config": "K3S_CONFIG_FILE",
    "data-dir": "K3S_DATA_DIR",
    "datastore-cafile": "K3S_DATASTORE_CAFILE",
    "datastore-certfile": "K3S_DATASTORE_CERTFILE",
    "datastore-endpoint": "K3S_DATASTORE_ENDPOINT",
    "datastore-keyfile": "K3S_DATASTORE_KEYFILE",
    "debug": "K3S_DEBUG",
    "lb-server-port": "K3S_LB_SERVER_PORT",
    "node-name": "K3S_NODE_NAME",
    "resolv-conf": "K3S_RESOLV_CONF",
    "selinux": "K3S_SELINUX",
    "server": "K3S_URL",
    "supervisor-port": "K3S_SUPERVISOR_PORT",
    "system-default-registry": "K3S_SYSTEM_DEFAULT_REGISTRY",
    "token": "K3S_TOKEN",
    "token-file": "K3S_TOKEN_FILE",
    "vpn-auth": "K3S_VPN_AUTH",
    "vpn-auth-file": "K3S_VPN_AUTH_FILE",
    "write-kubeconfig": "K3S_KUBECONFIG_OUTPUT",
    "write-kubeconfig-group": "K3S_KUBECONFIG_GROUP",
    "write-kubeconfig-mode": "K3S_KUBECONFIG_MODE",
    "write-kubeconfig-name": "K3S_KUBECONFIG_NAME",
}

SECRETS = ["token", "agent-token", "datastore-endpoint", "etcd-s3-access-key", "etcd-s3-secret-key", "etcd-s3-session-token", "vpn-auth"]


def names_of(role):
    return set(BOTH) | set(SERVER_ONLY if role == "server" else AGENT_ONLY)
