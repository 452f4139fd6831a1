// Generated from schemas/cluster.k3s.schema.json by scripts/generate.mjs; change the schema instead.

/**
 * Address or DNS name that never changes, whichever servers are up. kubectl and the agents use it, so it must be among `tls-san`.
 */
export type FixedAddress = string;
/**
 * Port of the fixed address.
 */
export type FixedPort = number;
/**
 * One host of the load balancer, or several of them by a range. A host that is a node, too, is reached as its node says.
 */
export type BalancerNode =
  | string
  | {
      /**
       * Address or name that SSH connects to; an alias of your ssh configuration works too. A range stands for several hosts.
       */
      host: string;
      /**
       * What the host is called in plans and views.
       */
      name?: string;
      /**
       * Failure domain: a rack, a room, a site.
       */
      zone?: string;
      ssh?: SshSpec;
    };
/**
 * Hosts that carried the address before. What K3s HA has installed there of HAProxy, nginx and keepalived is taken away, before kube-vip comes. Remove the lines when the plan has nothing to do.
 */
export type FormerBalancers = BalancerNode[];
/**
 * Name to check the API certificate against, when it does not list `address`. Adding the address to `tls-san` is better.
 */
export type TlsServerName = string;
/**
 * Where images of a registry are looked for first.
 */
export type RegistryMirror = {
  /**
   * Addresses of mirrors, asked in this order before the registry itself.
   *
   * Items: Address of a mirror.
   */
  endpoint?: string[];
  /**
   * Regular expressions for the names of images, and what they become at the mirror.
   */
  rewrite?: {
    /**
     * The new name; `$1` is the first group.
     */
    [k: string]: string;
  };
} | null;
/**
 * Files of this machine that go to the hosts.
 */
export type HostFiles = HostFile[];
/**
 * More addresses and names that the API certificate is valid for. The load balancer's address must be among them, or clients that use it refuse the connection.
 */
export type TlsSan = string | string[];
/**
 * Address range that pods get their addresses from; it must not overlap with your own network. One IPv4 range, one IPv6 range, or one of each.
 */
export type ClusterCidr = string | string[];
/**
 * Address range for Kubernetes services; it must not overlap with `cluster-cidr` or your own network.
 */
export type ServiceCidr = string | string[];
/**
 * Address of the cluster's DNS service, inside `service-cidr`. K3s takes the tenth address when this is left out.
 */
export type ClusterDns = string | string[];
/**
 * Options handed on to the Kubernetes API server, each as `name=value`.
 */
export type KubeApiserverArg = string | string[];
/**
 * Settings handed on to embedded etcd, each as `name=value`.
 */
export type EtcdArg = string | string[];
/**
 * Options handed on to the controller manager, each as `name=value`.
 */
export type KubeControllerManagerArg = string | string[];
/**
 * Options handed on to the scheduler, each as `name=value`.
 */
export type KubeSchedulerArg = string | string[];
/**
 * Options handed on to the Helm controller, each as `name=value`.
 */
export type HelmControllerArg = string | string[];
/**
 * Options handed on to the built-in cloud controller, each as `name=value`.
 */
export type KubeCloudControllerManagerArg = string | string[];
/**
 * Built-in components that you do not want; those that run already are removed.
 */
export type Disable = string | string[];
/**
 * Labels that the node gets, each as `key=value`.
 */
export type NodeLabel = string | string[];
/**
 * Taints that the node gets when it registers for the first time, each as `key=value:Effect`.
 */
export type NodeTaint = string | string[];
/**
 * More registry names to label imported images with.
 */
export type AirgapExtraRegistry = string | string[];
/**
 * Address that other nodes use for this node, when the host has several. Two values, one of each family, for dual stack.
 */
export type NodeIp = string | string[];
/**
 * Public address of the node. On a server it also becomes the address that agents are told to use, unless `advertise-address` is set.
 */
export type NodeExternalIp = string | string[];
/**
 * DNS names of the node inside your network.
 */
export type NodeInternalDns = string | string[];
/**
 * Public DNS names of the node.
 */
export type NodeExternalDns = string | string[];
/**
 * Options handed on to the kubelet, each as `name=value`.
 */
export type KubeletArg = string | string[];
/**
 * Options handed on to kube-proxy, each as `name=value`.
 */
export type KubeProxyArg = string | string[];
/**
 * Former name of `kube-controller-manager-arg`.
 */
export type KubeControllerArg = string | string[];
/**
 * Former name of `kube-cloud-controller-manager-arg`.
 */
export type KubeCloudControllerArg = string | string[];
/**
 * With a plus sign the values are added to those of the role instead of replacing them.
 *
 * This interface was referenced by `ServerConfig`'s JSON-Schema definition
 * via the `patternProperty` "^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)\+$".
 *
 * This interface was referenced by `AgentConfig`'s JSON-Schema definition
 * via the `patternProperty` "^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)\+$".
 */
export type AppendedList = string | string[];

/**
 * A K3s cluster: its servers, agents, datastore and fixed address.
 */
export interface ClusterSpec {
  /**
   * Version of this file format.
   */
  apiVersion: 'k3s-ha/v1';
  /**
   * What this file describes.
   */
  kind: 'Cluster';
  /**
   * What the cluster is called.
   */
  metadata: {
    /**
     * Name of the cluster; the kubeconfig calls its cluster, user and context so.
     */
    name: string;
  };
  /**
   * Which K3s to install and how.
   */
  k3s?: {
    /**
     * Exact release. Pin it, so that a node that joins later gets the same one.
     */
    version?: string;
    /**
     * Release channel; used when no version is given.
     */
    channel?: string;
    /**
     * How K3s gets onto the hosts.
     */
    install?: {
      /**
       * Where the binary comes from.
       */
      method?: 'script' | 'airgap' | 'preinstalled';
      /**
       * With `method: script`: which machine gets the binary from the internet.
       */
      binary?: 'download' | 'upload';
      /**
       * Where the install script comes from: an address, or a file of this machine.
       */
      scriptUrl?: string;
      /**
       * The sha256 that the install script must have; a plan for any other one is refused. `sha256sum install.sh` prints it.
       */
      scriptSha256?: string;
      /**
       * Variables for the install script and the service: proxies and INSTALL_K3S_*.
       */
      env?: {
        /**
         * Mirror that a changed install script downloads from; `cn` for the one of Rancher in China. The official script ignores it.
         */
        INSTALL_K3S_MIRROR?: string | number | boolean;
        /**
         * Where the binary is downloaded from, instead of GitHub.
         */
        INSTALL_K3S_ARTIFACT_URL?: string | number | boolean;
        /**
         * Service that says which release a channel stands for.
         */
        INSTALL_K3S_CHANNEL_URL?: string | number | boolean;
        /**
         * Folder for the binary, its links and the uninstall script, such as /opt/bin where /usr is read-only. The hosts must have it.
         */
        INSTALL_K3S_BIN_DIR?: string | number | boolean;
        /**
         * Folder for the systemd unit and its environment file.
         */
        INSTALL_K3S_SYSTEMD_DIR?: string | number | boolean;
        /**
         * Whether kubectl, crictl and ctr are linked to K3s.
         */
        INSTALL_K3S_SYMLINK?: string | number | boolean;
        /**
         * With `true`, a missing SELinux policy is only a warning.
         */
        INSTALL_K3S_SELINUX_WARN?: string | number | boolean;
        /**
         * With `true`, the SELinux policy is not installed.
         */
        INSTALL_K3S_SKIP_SELINUX_RPM?: string | number | boolean;
        /**
         * Proxy for http, also kept for the service.
         */
        HTTP_PROXY?: string | number | boolean;
        /**
         * Proxy for https, also kept for the service.
         */
        HTTPS_PROXY?: string | number | boolean;
        /**
         * What is reached without a proxy. K3s adds the networks of the cluster by itself.
         */
        NO_PROXY?: string | number | boolean;
        /**
         * Proxy for pulling images only.
         */
        CONTAINERD_HTTPS_PROXY?: string | number | boolean;
        /**
         * Value of the variable; may hold references.
         */
        [k: string]: string | number | boolean | undefined;
      };
      /**
       * Folder with binary, images, `sha256sum-<arch>.txt` and `install.sh` of one release, for `airgap`, or one archive that holds them (`.tar`, `.tar.gz`, `.tgz`, `.tar.zst`); other archives in it are images of add-ons. Which images of K3s each node has to have stands in `k3s-images.txt`, or else in the archive of images itself. Relative to this file; one subfolder for each architecture is possible.
       */
      artifacts?: string;
      /**
       * What this computer sends to all hosts together at most, fairly shared among them. Less is sent when hosts answer late because a link is full. Without it, files go as fast as the hosts take them.
       */
      uploadLimit?: string;
    };
    upgrade?: UpgradeSpec;
  };
  /**
   * The fixed registration address: one address for all servers, which stays the same when one of them fails.
   */
  loadBalancer?: ExternalLoadBalancer | InstalledLoadBalancer | KubeVipLoadBalancer;
  /**
   * Where the cluster keeps its state. Without it, `cluster-init` or `datastore-endpoint` in the configuration decides, else SQLite.
   */
  datastore?: EmbeddedEtcd | MysqlDatastore | PostgresDatastore | EtcdDatastore | NatsDatastore | SqliteDatastore;
  /**
   * Where images come from: mirrors, and how to log in. Becomes registries.yaml of every host (0600).
   */
  registries?: {
    /**
     * A registries.yaml of this machine instead.
     */
    file?: string;
    /**
     * By registry, as image names begin; `*` for all others. Without an endpoint the embedded registry of K3s mirrors it.
     */
    mirrors?: {
      [k: string]: RegistryMirror;
    };
    /**
     * Login and TLS by host and port of a registry or mirror.
     */
    configs?: {
      [k: string]: RegistryConfig;
    };
  };
  /**
   * Kubernetes manifests of this machine that K3s applies.
   *
   * Items: A manifest, or a pattern for several.
   */
  manifests?: string[];
  /**
   * Names of manifests that are deleted with what K3s made of them when they leave this file.
   *
   * Items: The name of a manifest.
   */
  deleteManifests?: string[];
  files?: HostFiles;
  /**
   * What K3s HA does to the machines beside K3s.
   */
  hosts?: {
    /**
     * What becomes of rules that the firewall of a node lacks.
     */
    firewall?: 'tell' | 'manage';
  };
  /**
   * Scripts that run before or after a machine is changed, on that machine or here.
   */
  hooks?: HookSpec[];
  /**
   * Secret that servers and agents join the cluster with, as a reference. Keep a copy: without it no backup can be restored.
   */
  token?: string;
  ssh?: SshSpec;
  /**
   * Hosts that run the control plane.
   */
  servers: {
    config?: ServerConfig;
    files?: HostFiles;
    /**
     * The servers. The first one starts the cluster, the others join it.
     *
     * @minItems 1
     */
    nodes: ServerNode[];
  };
  /**
   * Hosts that run workloads only.
   */
  agents?: {
    config?: AgentConfig;
    files?: HostFiles;
    /**
     * The agents.
     */
    nodes?: AgentNode[];
  };
}
/**
 * How running machines get another release: servers one after another, then one agent, then the others a few at a time.
 */
export interface UpgradeSpec {
  /**
   * Whether pods move to other nodes before K3s gets another release on theirs. Without it they go on running: a restart of K3s does not end them. Kubernetes asks for it where the minor version changes.
   */
  drain?: boolean;
  /**
   * Longest time that the pods of a node may take to leave it, also when the node is removed. Then the run stops there, and nothing of that node has been changed.
   */
  drainTimeout?: string;
  /**
   * What a drain, also that of a node that is removed, does with pods whose data is in an `emptyDir`: it goes with them, or the drain is refused.
   */
  emptyDir?: 'delete' | 'keep';
  /**
   * What a drain, also that of a node that is removed, does with pods that nothing makes anew: it is refused, or they are deleted for good.
   */
  unmanagedPods?: 'refuse' | 'delete';
  /**
   * How many agents are changed at the same time, once one of them has proved the change: a number, or a share of them.
   */
  agentsAtOnce?: string | number;
  /**
   * Whether a snapshot of embedded etcd is saved and proved before the first server gets another release. Only with it can a minor version be taken back.
   */
  snapshotFirst?: boolean;
}
/**
 * A load balancer that you run elsewhere, or a DNS name with the addresses of all servers.
 */
export interface ExternalLoadBalancer {
  /**
   * What stands behind the address.
   */
  type?: 'external' | 'dns';
  address: FixedAddress;
  port?: FixedPort;
  /**
   * Stays empty: this kind needs no hosts.
   *
   * @maxItems 0
   */
  nodes?: string[];
  former?: FormerBalancers;
  tlsServerName?: TlsServerName;
}
/**
 * How the hosts are reached. What is left out comes from your ssh configuration.
 */
export interface SshSpec {
  /**
   * Login name on the host. Without it, the ssh configuration of this computer decides.
   */
  user?: string;
  /**
   * Port of the SSH server; 22 when neither this nor the ssh configuration names one.
   */
  port?: number;
  /**
   * Private key to log in with, or several of them. Keys of the ssh agent are tried as well.
   */
  identityFile?: string | string[];
  /**
   * Which SSH client logs in: `auto` takes the `ssh` of this computer only where the built-in one cannot (ProxyCommand, certificates, security keys, Kerberos, a connection that your own `ssh` shares).
   */
  client?: 'auto' | 'builtin' | 'openssh';
  /**
   * Host to go through, as `user@host:port`; several are separated by commas.
   */
  proxyJump?: string;
  /**
   * Known host keys that come with this file. They are read besides your own `~/.ssh/known_hosts`: a differing key is refused, a listed one is shown to you before it is trusted. Nothing is written to it.
   */
  knownHostsFile?: string;
  /**
   * Password for the login, as a reference. A key is the better choice.
   */
  password?: string;
  /**
   * Passphrase of the private key, as a reference.
   */
  passphrase?: string;
  /**
   * Password that sudo asks for, as a reference. Leave it out when the user is root or sudo does not ask.
   */
  sudoPassword?: string;
}
/**
 * A load balancer that is installed on hosts of yours.
 */
export interface InstalledLoadBalancer {
  /**
   * What stands behind the address.
   */
  type: 'haproxy' | 'nginx';
  address: FixedAddress;
  port?: FixedPort;
  /**
   * Network interface that carries the address. Left out, it is the one whose network the address belongs to.
   */
  interface?: string;
  /**
   * Hosts that run the load balancer, the preferred one first. With two or more, keepalived moves the address between them.
   *
   * @minItems 1
   */
  nodes: BalancerNode[];
  vrrp?: VrrpSpec;
  former?: FormerBalancers;
  tlsServerName?: TlsServerName;
}
/**
 * How the keepalived of each host knows the others. Needed only beside other users of VRRP in the same network.
 */
export interface VrrpSpec {
  /**
   * Number of this group of hosts, one that no other VRRP in the network has.
   */
  routerId?: number;
  /**
   * Up to 8 characters that the hosts show to each other, as a reference. keepalived then speaks VRRP version 2, which notices a dead host within 3 s instead of 2.
   */
  password?: string;
}
/**
 * An address that the servers pass among themselves.
 */
export interface KubeVipLoadBalancer {
  /**
   * What stands behind the address.
   */
  type: 'kube-vip';
  address: FixedAddress;
  port?: FixedPort;
  /**
   * Stays empty: kube-vip runs on the servers.
   *
   * @maxItems 0
   */
  nodes?: string[];
  /**
   * Network interface of every server that carries the address. Left out, kube-vip takes that of the default route on each server; with bgp it is lo.
   */
  interface?: string;
  /**
   * Image of kube-vip with its tag or digest. On hosts without internet access it has to lie among the images of K3s (agent/images), or in a registry of yours.
   */
  image?: string;
  bgp?: BgpSpec;
  former?: FormerBalancers;
  tlsServerName?: TlsServerName;
}
/**
 * Every server announces the address to these routers. Left out, one server at a time announces it by ARP in its own network.
 */
export interface BgpSpec {
  /**
   * Number of the autonomous system of the servers.
   */
  as: number;
  /**
   * Routers that the servers speak to.
   *
   * @minItems 1
   */
  peers: BgpPeerSpec[];
}
/**
 * One router. It is not asked for a password.
 */
export interface BgpPeerSpec {
  /**
   * IPv4 address of the router.
   */
  address: string;
  /**
   * Number of the autonomous system of the router.
   */
  as: number;
  /**
   * The router is not in the network of the servers.
   */
  multihop?: boolean;
}
export interface EmbeddedEtcd {
  /**
   * Where the cluster keeps its state.
   */
  type: 'embedded-etcd';
}
export interface MysqlDatastore {
  /**
   * Where the cluster keeps its state.
   */
  type: 'mysql';
  /**
   * How servers connect. Keep the password out of it with `${secret:…}`.
   */
  endpoint: string;
  /**
   * CA certificate of the datastore. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  caFile?: string;
  /**
   * Client certificate, if the datastore asks for one. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  certFile?: string;
  /**
   * Private key of the client certificate. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  keyFile?: string;
}
export interface PostgresDatastore {
  /**
   * Where the cluster keeps its state.
   */
  type: 'postgres';
  /**
   * How servers connect. Keep the password out of it with `${secret:…}`.
   */
  endpoint: string;
  /**
   * CA certificate of the datastore. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  caFile?: string;
  /**
   * Client certificate, if the datastore asks for one. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  certFile?: string;
  /**
   * Private key of the client certificate. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  keyFile?: string;
}
export interface EtcdDatastore {
  /**
   * Where the cluster keeps its state.
   */
  type: 'etcd';
  /**
   * How servers connect. Keep the password out of it with `${secret:…}`.
   */
  endpoint: string;
  /**
   * CA certificate of the datastore. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  caFile?: string;
  /**
   * Client certificate, if the datastore asks for one. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  certFile?: string;
  /**
   * Private key of the client certificate. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  keyFile?: string;
}
export interface NatsDatastore {
  /**
   * Where the cluster keeps its state.
   */
  type: 'nats';
  /**
   * How servers connect. Keep the password out of it with `${secret:…}`.
   */
  endpoint: string;
  /**
   * CA certificate of the datastore. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  caFile?: string;
  /**
   * Client certificate, if the datastore asks for one. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  certFile?: string;
  /**
   * Private key of the client certificate. A relative path or one below `~/` is a file of this machine that goes to every server (0600); an absolute one has to lie on the servers.
   */
  keyFile?: string;
}
export interface SqliteDatastore {
  /**
   * Where the cluster keeps its state.
   */
  type: 'sqlite';
}
/**
 * How to reach one registry or mirror.
 */
export interface RegistryConfig {
  /**
   * Login.
   */
  auth?: {
    /**
     * User name.
     */
    username?: string;
    /**
     * Password, as a reference.
     */
    password?: string;
    /**
     * User name and password, joined by a colon, in Base64; as a reference.
     */
    auth?: string;
    /**
     * Identity token, as a reference.
     */
    identity_token?: string;
  };
  /**
   * TLS; the files are those of the hosts, where `files` can put them.
   */
  tls?: {
    /**
     * Certificate authority of the registry, as an absolute path on the hosts.
     */
    ca_file?: string;
    /**
     * Client certificate, as an absolute path on the hosts.
     */
    cert_file?: string;
    /**
     * Key of the client certificate, as an absolute path on the hosts.
     */
    key_file?: string;
    /**
     * Takes any certificate: whoever is in between can exchange images.
     */
    insecure_skip_verify?: boolean;
  };
}
/**
 * A file of this machine that goes to hosts.
 */
export interface HostFile {
  /**
   * Path on this machine, relative to the cluster file or below `~/`. What lies outside its folder is sent only after you have agreed.
   */
  from: string;
  /**
   * Absolute path on the hosts. What K3s or this extension writes itself cannot be named.
   */
  to: string;
  /**
   * Permissions, in quotes.
   */
  mode?: string;
  /**
   * User and group on the hosts; root when left out.
   */
  owner?: string;
  /**
   * K3s reads the file only when it starts: a change restarts one host after another, and the old file comes back where K3s does not start with the new one.
   */
  restart?: boolean;
}
/**
 * A script that runs when a machine is changed.
 */
export interface HookSpec {
  /**
   * `apply` is everything that a plan does to a machine, `node-upgrade` only its change to another K3s release, `node-remove` its removal from the cluster.
   */
  when: 'before apply' | 'after apply' | 'before node-upgrade' | 'after node-upgrade' | 'before node-remove' | 'after node-remove';
  /**
   * Script of this machine, relative to the cluster file or below `~/`. Its first line names the program that reads it, such as `#!/bin/sh`.
   */
  run: string;
  /**
   * `host`: as root on the machine that is changed. `here`: on the computer of whoever applies the file, as that person, who has to agree to exactly this script first.
   */
  on?: 'host' | 'here';
  /**
   * Longest time that it may take; then it is ended with all that it has started.
   */
  timeout?: string;
}
/**
 * Options of K3s for servers, with the names that K3s gives them; they end up in /etc/rancher/k3s/config.yaml.
 */
export interface ServerConfig {
  /**
   * File on the host that K3s reads its options from. K3s HA writes these options to the default place, so leave this alone.
   */
  config?: string;
  /**
   * Write debug messages to the K3s log.
   */
  debug?: boolean;
  /**
   * Verbosity of the Kubernetes components inside K3s, as a number; 0 is quiet, 6 shows every API request.
   */
  v?: number;
  /**
   * Verbosity for single source files of Kubernetes, for example `reflector=4,kubelet*=6`.
   */
  vmodule?: string;
  /**
   * Send the K3s log to this file as well.
   */
  log?: string;
  /**
   * Keep the journal filled although `log` names a file.
   */
  alsologtostderr?: boolean;
  /**
   * Local address that the API listens on. Empty means every address of the host.
   */
  'bind-address'?: string;
  /**
   * The one TCP port through which kubectl, agents and other servers reach this server. It is also the port behind the load balancer.
   */
  'https-listen-port'?: number;
  /**
   * Gives the K3s supervisor, where nodes join, a port of its own beside the Kubernetes API.
   */
  'supervisor-port'?: number;
  /**
   * Internal port of the API server, behind the port that clients use.
   */
  'apiserver-port'?: number;
  /**
   * Internal address of the API server, behind the address that clients use.
   */
  'apiserver-bind-address'?: string;
  /**
   * Address of this server that is handed to every agent and pod as the way to the API. All nodes must reach it directly, not only through the load balancer.
   */
  'advertise-address'?: string;
  /**
   * Port that goes with `advertise-address`.
   */
  'advertise-port'?: number;
  'tls-san'?: TlsSan;
  /**
   * Accept only names from `tls-san` and the cluster itself in the API certificate. When off, whatever name a client asks for gets added.
   */
  'tls-san-security'?: boolean;
  /**
   * Folder that holds everything K3s keeps on the host: datastore, images, certificates.
   */
  'data-dir'?: string;
  'cluster-cidr'?: ClusterCidr;
  'service-cidr'?: ServiceCidr;
  /**
   * Host ports that services of type NodePort may take.
   */
  'service-node-port-range'?: string;
  'cluster-dns'?: ClusterDns;
  /**
   * Domain under which services are found by name inside the cluster.
   */
  'cluster-domain'?: string;
  /**
   * How packets travel between the pods of different nodes. `none` switches the built-in network off so that you can install another one.
   */
  'flannel-backend'?: 'none' | 'vxlan' | 'host-gw' | 'wireguard-native';
  /**
   * Hide IPv6 pods behind the address of their node when they talk to the outside.
   */
  'flannel-ipv6-masq'?: boolean;
  /**
   * Connect the pod network through the public addresses of the nodes, for nodes that share no private network.
   */
  'flannel-external-ip'?: boolean;
  /**
   * The way the API server takes to kubelets and pods. `agent` tunnels to the nodes, `pod` and `cluster` also tunnel to pods, `disabled` connects directly.
   */
  'egress-selector-mode'?: 'agent' | 'cluster' | 'pod' | 'disabled';
  /**
   * Namespace for the pods of the built-in load balancer for services.
   */
  'servicelb-namespace'?: string;
  /**
   * Where the server puts the administrator's kubeconfig each time it starts.
   */
  'write-kubeconfig'?: string;
  /**
   * Permissions of that kubeconfig as an octal number in quotes, such as "0600". Without quotes YAML turns 0644 into another number.
   */
  'write-kubeconfig-mode'?: string | number;
  /**
   * Group that owns that kubeconfig.
   */
  'write-kubeconfig-group'?: string;
  /**
   * Name of cluster, user and context in that kubeconfig.
   */
  'write-kubeconfig-name'?: string;
  /**
   * Image of the jobs that install Helm charts.
   */
  'helm-job-image'?: string;
  /**
   * The secret that servers and agents join with. Prefer the token at the top of the cluster file; every server needs the same one, and backups cannot be restored without it.
   */
  token?: string;
  /**
   * File on the host that holds the token.
   */
  'token-file'?: string;
  /**
   * A second secret that lets agents join but not servers.
   */
  'agent-token'?: string;
  /**
   * File on the host that holds the agent token.
   */
  'agent-token-file'?: string;
  /**
   * URL that this node joins through, `https://address:6443`. K3s HA fills it in from `loadBalancer`, so it is rarely needed.
   */
  server?: string;
  /**
   * Start a cluster on embedded etcd with this server as the first member. It may stay in place afterwards.
   */
  'cluster-init'?: boolean;
  /**
   * Make this server forget all other etcd members and stop. For disaster recovery only; it must not stay in a configuration.
   */
  'cluster-reset'?: boolean;
  /**
   * Snapshot to restore while `cluster-reset` runs.
   */
  'cluster-reset-restore-path'?: string;
  'kube-apiserver-arg'?: KubeApiserverArg;
  'etcd-arg'?: EtcdArg;
  'kube-controller-manager-arg'?: KubeControllerManagerArg;
  'kube-scheduler-arg'?: KubeSchedulerArg;
  'helm-controller-arg'?: HelmControllerArg;
  'kube-cloud-controller-manager-arg'?: KubeCloudControllerManagerArg;
  /**
   * Encrypt the local socket between the API server and the SQL adapter.
   */
  'kine-tls'?: boolean;
  /**
   * Connection to an external datastore. Prefer `datastore.endpoint` at the top of the cluster file, which reaches every server.
   */
  'datastore-endpoint'?: string;
  /**
   * CA certificate, as a path on the host, that the datastore's certificate is checked against.
   */
  'datastore-cafile'?: string;
  /**
   * Client certificate, as a path on the host, to log in to the datastore with.
   */
  'datastore-certfile'?: string;
  /**
   * Private key, as a path on the host, that belongs to `datastore-certfile`.
   */
  'datastore-keyfile'?: string;
  /**
   * Let other hosts read the metrics of embedded etcd on port 2381.
   */
  'etcd-expose-metrics'?: boolean;
  /**
   * Take no scheduled snapshots of embedded etcd. Without them a lost quorum means a lost cluster.
   */
  'etcd-disable-snapshots'?: boolean;
  /**
   * How the names of scheduled snapshots begin.
   */
  'etcd-snapshot-name'?: string;
  /**
   * When snapshots are taken, as a cron expression in the time zone of the host.
   */
  'etcd-snapshot-schedule-cron'?: string;
  /**
   * How often the list of snapshots is compared with what is on disk and in S3.
   */
  'etcd-snapshot-reconcile-interval'?: string;
  /**
   * Scheduled snapshots that each server keeps.
   */
  'etcd-snapshot-retention'?: number;
  /**
   * Folder for snapshots.
   */
  'etcd-snapshot-dir'?: string;
  /**
   * Store snapshots compressed.
   */
  'etcd-snapshot-compress'?: boolean;
  /**
   * Copy snapshots to S3 storage, where they survive the loss of the server.
   */
  'etcd-s3'?: boolean;
  /**
   * Host name of the S3 service, with a port if it is not 443.
   */
  'etcd-s3-endpoint'?: string;
  /**
   * CA certificate for the S3 service: a path on the host, or the PEM text in base64.
   */
  'etcd-s3-endpoint-ca'?: string;
  /**
   * Accept any certificate from the S3 service.
   */
  'etcd-s3-skip-ssl-verify'?: boolean;
  /**
   * Access key for S3.
   */
  'etcd-s3-access-key'?: string;
  /**
   * Secret key for S3.
   */
  'etcd-s3-secret-key'?: string;
  /**
   * Session token for short-lived S3 credentials.
   */
  'etcd-s3-session-token'?: string;
  /**
   * Bucket for the snapshots.
   */
  'etcd-s3-bucket'?: string;
  /**
   * Whether the bucket stands in the host name (`dns`) or in the path (`path`) of S3 requests.
   */
  'etcd-s3-bucket-lookup-type'?: 'auto' | 'dns' | 'path';
  /**
   * Region of the bucket.
   */
  'etcd-s3-region'?: string;
  /**
   * Folder inside the bucket.
   */
  'etcd-s3-folder'?: string;
  /**
   * Scheduled snapshots to keep in S3.
   */
  'etcd-s3-retention'?: number;
  /**
   * Proxy for S3 alone.
   */
  'etcd-s3-proxy'?: string;
  /**
   * Kubernetes secret in kube-system with all S3 settings. It counts only if no other S3 option is given, and a restore cannot read it.
   */
  'etcd-s3-config-secret'?: string;
  /**
   * Talk to S3 without TLS.
   */
  'etcd-s3-insecure'?: boolean;
  /**
   * How long one S3 operation may take.
   */
  'etcd-s3-timeout'?: string;
  /**
   * Folder on each node for volumes of the built-in local-path storage class.
   */
  'default-local-storage-path'?: string;
  disable?: Disable;
  /**
   * Run no scheduler on this server.
   */
  'disable-scheduler'?: boolean;
  /**
   * Run no built-in cloud controller, because the cloud's own one does the work.
   */
  'disable-cloud-controller'?: boolean;
  /**
   * Run no kube-proxy, because another network takes over its work.
   */
  'disable-kube-proxy'?: boolean;
  /**
   * Do not enforce network policies, because another network does.
   */
  'disable-network-policy'?: boolean;
  /**
   * Run no Helm controller; HelmChart objects are then ignored.
   */
  'disable-helm-controller'?: boolean;
  /**
   * Run etcd without an API server on this host.
   */
  'disable-apiserver'?: boolean;
  /**
   * Run no controller manager on this host.
   */
  'disable-controller-manager'?: boolean;
  /**
   * Run the control plane without etcd on this host; it needs other servers that run etcd.
   */
  'disable-etcd'?: boolean;
  /**
   * Let nodes share images with each other instead of pulling each one from the internet. Needs TCP 5001 between all nodes.
   */
  'embedded-registry'?: boolean;
  /**
   * Serve the metrics of K3s itself on the API port.
   */
  'supervisor-metrics'?: boolean;
  /**
   * Name of the node in Kubernetes. In the cluster file `name` does the same.
   */
  'node-name'?: string;
  /**
   * Add a random id to the node name, for hosts that share a host name.
   */
  'with-node-id'?: boolean;
  'node-label'?: NodeLabel;
  'node-taint'?: NodeTaint;
  /**
   * Folder with plug-ins that supply registry logins to the kubelet.
   */
  'image-credential-provider-bin-dir'?: string;
  /**
   * Configuration of those plug-ins.
   */
  'image-credential-provider-config'?: string;
  /**
   * Run containers with Docker instead of the built-in containerd.
   */
  docker?: boolean;
  /**
   * Socket of another container runtime; the built-in containerd is then not started.
   */
  'container-runtime-endpoint'?: string;
  /**
   * Runtime that containerd uses when a pod asks for none, for example `nvidia`.
   */
  'default-runtime'?: string;
  /**
   * Socket of a separate image service.
   */
  'image-service-endpoint'?: string;
  /**
   * Never ask the original registry when a mirror is configured for it, as air-gapped sites need.
   */
  'disable-default-registry-endpoint'?: boolean;
  /**
   * Let pods that do not run as root use the devices given to them.
   */
  'nonroot-devices'?: boolean;
  /**
   * Image of the container that holds a pod's network open.
   */
  'pause-image'?: string;
  /**
   * How containerd keeps image layers on disk.
   */
  snapshotter?: string;
  /**
   * File on the host with registry mirrors and logins.
   */
  'private-registry'?: string;
  /**
   * Registry that all images of K3s itself are pulled from, for example a mirror close to you. Agents learn it from the servers.
   */
  'system-default-registry'?: string;
  'airgap-extra-registry'?: AirgapExtraRegistry;
  'node-ip'?: NodeIp;
  'node-external-ip'?: NodeExternalIp;
  'node-internal-dns'?: NodeInternalDns;
  'node-external-dns'?: NodeExternalDns;
  /**
   * DNS configuration that pods inherit from the host.
   */
  'resolv-conf'?: string;
  /**
   * Network interface for the pod network, when the default route points to the wrong one.
   */
  'flannel-iface'?: string;
  /**
   * Your own flannel configuration file.
   */
  'flannel-conf'?: string;
  /**
   * Your own CNI configuration file for flannel.
   */
  'flannel-cni-conf'?: string;
  /**
   * Join a VPN provider with this key and run the pod network over it, for example `name=tailscale,joinKey=…`.
   */
  'vpn-auth'?: string;
  /**
   * File on the host that holds the value of `vpn-auth`.
   */
  'vpn-auth-file'?: string;
  'kubelet-arg'?: KubeletArg;
  'kube-proxy-arg'?: KubeProxyArg;
  /**
   * Refuse to start when kernel settings differ from what the kubelet expects.
   */
  'protect-kernel-defaults'?: boolean;
  /**
   * Encrypt Kubernetes secrets in the datastore. Decide it before the first start.
   */
  'secrets-encryption'?: boolean;
  /**
   * Offer profiles of the K3s process on the API port, for developers.
   */
  'enable-pprof'?: boolean;
  /**
   * Run K3s without root rights.
   */
  rootless?: boolean;
  /**
   * Cipher for encrypted secrets.
   */
  'secrets-encryption-provider'?: 'aescbc' | 'secretbox';
  /**
   * Use the tools that come with K3s, iptables for example, even if the host has its own.
   */
  'prefer-bundled-bin'?: boolean;
  /**
   * Run containers under SELinux; the host needs the k3s-selinux policy.
   */
  selinux?: boolean;
  /**
   * Local port of the small load balancer that every agent runs to reach the servers.
   */
  'lb-server-port'?: number;
  /**
   * Run only the control plane on this host; it does not become a node.
   */
  'disable-agent'?: boolean;
  'kube-controller-arg'?: KubeControllerArg;
  'kube-cloud-controller-arg'?: KubeCloudControllerArg;
  [k: string]:
    | AppendedList
    | string
    | boolean
    | number
    | TlsSan
    | ClusterCidr
    | ServiceCidr
    | ClusterDns
    | 'none'
    | 'vxlan'
    | 'host-gw'
    | 'wireguard-native'
    | 'agent'
    | 'cluster'
    | 'pod'
    | 'disabled'
    | KubeApiserverArg
    | EtcdArg
    | KubeControllerManagerArg
    | KubeSchedulerArg
    | HelmControllerArg
    | KubeCloudControllerManagerArg
    | 'auto'
    | 'dns'
    | 'path'
    | Disable
    | NodeLabel
    | NodeTaint
    | AirgapExtraRegistry
    | NodeIp
    | NodeExternalIp
    | NodeInternalDns
    | NodeExternalDns
    | KubeletArg
    | KubeProxyArg
    | 'aescbc'
    | 'secretbox'
    | KubeControllerArg
    | KubeCloudControllerArg
    | undefined;
}
/**
 * One server, or several of them by a range.
 */
export interface ServerNode {
  /**
   * Address or name that SSH connects to; an alias of your ssh configuration works too. A range stands for several hosts.
   */
  host: string;
  /**
   * Name of the node in Kubernetes; the host name when left out. With a range in `host`, a range of the same length names each one.
   */
  name?: string;
  /**
   * Failure domain: a rack, a room, a site. The diagram groups by it, and rules check that servers do not share one.
   */
  zone?: string;
  ssh?: SshSpec;
  config?: ServerConfig;
  files?: HostFiles;
}
/**
 * Options of K3s for agents, with the names that K3s gives them; they end up in /etc/rancher/k3s/config.yaml.
 */
export interface AgentConfig {
  /**
   * File on the host that K3s reads its options from. K3s HA writes these options to the default place, so leave this alone.
   */
  config?: string;
  /**
   * Write debug messages to the K3s log.
   */
  debug?: boolean;
  /**
   * Verbosity of the Kubernetes components inside K3s, as a number; 0 is quiet, 6 shows every API request.
   */
  v?: number;
  /**
   * Verbosity for single source files of Kubernetes, for example `reflector=4,kubelet*=6`.
   */
  vmodule?: string;
  /**
   * Send the K3s log to this file as well.
   */
  log?: string;
  /**
   * Keep the journal filled although `log` names a file.
   */
  alsologtostderr?: boolean;
  /**
   * Local address that the API listens on. Empty means every address of the host.
   */
  'bind-address'?: string;
  /**
   * Folder that holds everything K3s keeps on the host: datastore, images, certificates.
   */
  'data-dir'?: string;
  /**
   * The secret that servers and agents join with. Prefer the token at the top of the cluster file; every server needs the same one, and backups cannot be restored without it.
   */
  token?: string;
  /**
   * File on the host that holds the token.
   */
  'token-file'?: string;
  /**
   * URL that this node joins through, `https://address:6443`. K3s HA fills it in from `loadBalancer`, so it is rarely needed.
   */
  server?: string;
  /**
   * Name of the node in Kubernetes. In the cluster file `name` does the same.
   */
  'node-name'?: string;
  /**
   * Add a random id to the node name, for hosts that share a host name.
   */
  'with-node-id'?: boolean;
  'node-label'?: NodeLabel;
  'node-taint'?: NodeTaint;
  /**
   * Folder with plug-ins that supply registry logins to the kubelet.
   */
  'image-credential-provider-bin-dir'?: string;
  /**
   * Configuration of those plug-ins.
   */
  'image-credential-provider-config'?: string;
  /**
   * Run containers with Docker instead of the built-in containerd.
   */
  docker?: boolean;
  /**
   * Socket of another container runtime; the built-in containerd is then not started.
   */
  'container-runtime-endpoint'?: string;
  /**
   * Runtime that containerd uses when a pod asks for none, for example `nvidia`.
   */
  'default-runtime'?: string;
  /**
   * Socket of a separate image service.
   */
  'image-service-endpoint'?: string;
  /**
   * Never ask the original registry when a mirror is configured for it, as air-gapped sites need.
   */
  'disable-default-registry-endpoint'?: boolean;
  /**
   * Let pods that do not run as root use the devices given to them.
   */
  'nonroot-devices'?: boolean;
  /**
   * Image of the container that holds a pod's network open.
   */
  'pause-image'?: string;
  /**
   * How containerd keeps image layers on disk.
   */
  snapshotter?: string;
  /**
   * File on the host with registry mirrors and logins.
   */
  'private-registry'?: string;
  'airgap-extra-registry'?: AirgapExtraRegistry;
  'node-ip'?: NodeIp;
  'node-external-ip'?: NodeExternalIp;
  'node-internal-dns'?: NodeInternalDns;
  'node-external-dns'?: NodeExternalDns;
  /**
   * DNS configuration that pods inherit from the host.
   */
  'resolv-conf'?: string;
  /**
   * Network interface for the pod network, when the default route points to the wrong one.
   */
  'flannel-iface'?: string;
  /**
   * Your own flannel configuration file.
   */
  'flannel-conf'?: string;
  /**
   * Your own CNI configuration file for flannel.
   */
  'flannel-cni-conf'?: string;
  /**
   * Join a VPN provider with this key and run the pod network over it, for example `name=tailscale,joinKey=…`.
   */
  'vpn-auth'?: string;
  /**
   * File on the host that holds the value of `vpn-auth`.
   */
  'vpn-auth-file'?: string;
  'kubelet-arg'?: KubeletArg;
  'kube-proxy-arg'?: KubeProxyArg;
  /**
   * Refuse to start when kernel settings differ from what the kubelet expects.
   */
  'protect-kernel-defaults'?: boolean;
  /**
   * Offer profiles of the K3s process on the API port, for developers.
   */
  'enable-pprof'?: boolean;
  /**
   * Run K3s without root rights.
   */
  rootless?: boolean;
  /**
   * Use the tools that come with K3s, iptables for example, even if the host has its own.
   */
  'prefer-bundled-bin'?: boolean;
  /**
   * Run containers under SELinux; the host needs the k3s-selinux policy.
   */
  selinux?: boolean;
  /**
   * Local port of the small load balancer that every agent runs to reach the servers.
   */
  'lb-server-port'?: number;
  /**
   * Switch off the agent's own load balancer, so that it uses only the address it joined through.
   */
  'disable-apiserver-lb'?: boolean;
  [k: string]:
    | AppendedList
    | string
    | boolean
    | number
    | NodeLabel
    | NodeTaint
    | AirgapExtraRegistry
    | NodeIp
    | NodeExternalIp
    | NodeInternalDns
    | NodeExternalDns
    | KubeletArg
    | KubeProxyArg
    | undefined;
}
/**
 * One agent, or several of them by a range.
 */
export interface AgentNode {
  /**
   * Address or name that SSH connects to; an alias of your ssh configuration works too. A range stands for several hosts.
   */
  host: string;
  /**
   * Name of the node in Kubernetes; the host name when left out. With a range in `host`, a range of the same length names each one.
   */
  name?: string;
  /**
   * Failure domain: a rack, a room, a site. The diagram groups by it, and rules check that servers do not share one.
   */
  zone?: string;
  ssh?: SshSpec;
  config?: AgentConfig;
  files?: HostFiles;
}
