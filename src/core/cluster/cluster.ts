import type { Path } from '../base/path';
import type { DatastoreType } from '../datastore/kind';
import type { NodeRole } from '../k3s/nodeRole';

/** What a cluster file means after defaults, inheritance and host ranges: the one model every other room reads. */
export interface Cluster {
  readonly name: string;
  readonly k3s: K3sRelease;
  readonly loadBalancer?: LoadBalancer;
  readonly datastore: Datastore;
  readonly registries?: Registries;
  /** Manifests that K3s applies: paths of this machine, or patterns for the names of files. */
  readonly manifests?: readonly string[];
  /** Names of manifests whose objects are deleted from the cluster when they leave; those of all others stay. */
  readonly deleteManifests?: readonly string[];
  /** Firewalls of the machines get the rules that they lack; without it these are told. */
  readonly firewall?: 'manage';
  /** Scripts around the change of a machine; absent when there is none. */
  readonly hooks?: readonly Hook[];
  /** Cluster token as written: a `${…}` reference or a literal. */
  readonly token?: string;
  readonly servers: readonly ClusterNode[];
  readonly agents: readonly ClusterNode[];
}

export interface K3sRelease {
  /** Exact release, e.g. `v1.36.3+k3s1`; wins over the channel. */
  readonly version?: string;
  /** Release channel; `stable` when neither is given. */
  readonly channel?: string;
  readonly install: Installation;
  /** How running machines get another release; see `upgradeRules`. */
  readonly upgrade?: UpgradeRules;
}

/** How running machines get another release: `k3s.upgrade` of the file. */
export interface UpgradeRules {
  /** Pods are moved away before K3s is restarted with another release. */
  readonly drain: boolean;
  readonly drainTimeoutMs: number;
  /** What happens with pods whose data is in an emptyDir, when they are drained. */
  readonly emptyDir: 'delete' | 'keep';
  /** What happens with pods that nothing makes anew. */
  readonly unmanagedPods: 'refuse' | 'delete';
  /** Agents that are changed at the same time, once one of them has proved the change: a number, or a share of them. */
  readonly agentsAtOnce: number | `${number}%`;
  /** A snapshot of embedded etcd is saved before the first server changes. */
  readonly snapshotFirst: boolean;
}

export interface Installation {
  readonly method: 'script' | 'airgap' | 'preinstalled';
  /** With `script`: this machine gets the binary once, and sends it to the hosts. */
  readonly binary?: 'download' | 'upload';
  /** An http or https address, or a path of this machine; see `scriptOrigin`. */
  readonly scriptUrl: string;
  /** sha256 that the script must have, in lower-case hex. */
  readonly scriptSha256?: string;
  /** `INSTALL_K3S_*`, proxies and other variables for the install script; values may hold references. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder, or one archive, with binary, images and script for `airgap`, relative to the cluster file. */
  readonly artifacts?: string;
  /** Bytes a second that this machine sends to all hosts together. */
  readonly uploadLimit?: number;
}

export type LoadBalancerType = 'external' | 'haproxy' | 'nginx' | 'kube-vip' | 'dns';

/** The fixed registration address: where kubectl and agents reach the servers. */
export interface LoadBalancer {
  readonly address: string;
  readonly port: number;
  readonly type: LoadBalancerType;
  /** Machines that run the load balancer (haproxy, nginx), the preferred one first. */
  readonly nodes: readonly ClusterMachine[];
  /** Machines that ran it before, off which it is taken. */
  readonly former?: readonly ClusterMachine[];
  /** Network interface that carries the address; found out on the machines when it is left out. */
  readonly interface?: string;
  readonly vrrp?: Vrrp;
  /** Image of kube-vip; the one that is known to work when it is left out. */
  readonly image?: string;
  /** Has kube-vip tell routers of the address, and not the machines of the same network. */
  readonly bgp?: Bgp;
  /** Name to verify the certificate against when it does not list `address`. */
  readonly tlsServerName?: string;
}

/** How keepalived's machines know each other. */
export interface Vrrp {
  readonly routerId?: number;
  /** Reference or literal. */
  readonly password?: string;
}

/** How kube-vip speaks to the routers. */
export interface Bgp {
  /** Number of the autonomous system of the servers. */
  readonly as: number;
  readonly peers: readonly BgpPeer[];
}

export interface BgpPeer {
  readonly address: string;
  readonly as: number;
  /** It is not in the network of the servers. */
  readonly multihop: boolean;
}

export interface Datastore {
  readonly type: DatastoreType;
  /** As written; may hold references. */
  readonly endpoint?: string;
  /** TLS files by their absolute paths on the servers. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Those of them that come from this machine; absent when none does. */
  readonly uploads?: readonly DatastoreUpload[];
  /** The endpoint reaches K3s by `install.env`, so it does not belong into config.yaml. */
  readonly byInstaller?: true;
  /** Where the choice is written; absent when it is K3s's own default (SQLite). */
  readonly path?: Path;
}

export interface DatastoreUpload {
  readonly key: 'caFile' | 'certFile' | 'keyFile';
  /** As the cluster file has it: relative to its folder, or below `~`. */
  readonly from: string;
  /** Where the servers get it. */
  readonly to: string;
}

/** registries.yaml of all hosts: what the cluster file says, or a file of this machine. */
export type Registries =
  | { readonly kind: 'written'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly from: string };

/** A file of this machine that `files` sends to a host. */
export interface SentFile {
  readonly from: string;
  readonly to: string;
  /** Octal, four digits. */
  readonly mode: string;
  /** `user:group` */
  readonly owner?: string;
  readonly restart: boolean;
  readonly path: Path;
}

/** A script of this machine that runs when a machine of the cluster is changed. */
export interface Hook {
  readonly side: 'before' | 'after';
  /** What it stands around: everything that a plan does to a machine, its change to another release, or its removal. */
  readonly event: 'apply' | 'node-upgrade' | 'node-remove';
  /** Its path, as the cluster file has it. */
  readonly run: string;
  /** `host`: on the machine that is changed; `here`: on the machine of whoever applies the file. */
  readonly on: 'host' | 'here';
  readonly timeoutMs: number;
  /** Where it is written. */
  readonly path: Path;
}

/** A K3s option value as YAML gives it. */
export type ConfigValue = string | number | boolean | null | readonly (string | number | boolean)[];

/** A machine of the file that is reached over SSH. */
export interface ClusterMachine {
  /** Unique in the cluster: name, or host when no name is given. */
  readonly id: string;
  /** As the file or the config names it; of a node this is its name in K3s. */
  readonly name?: string;
  /** Address or ssh_config alias as written (one host of a range). */
  readonly host: string;
  /** Address the other machines use: `node-ip` if configured, else host. */
  readonly address: string;
  readonly zone?: string;
  readonly ssh: SshSettings;
  /** The machine's entry in the file; several machines of one range share it. */
  readonly path: Path;
}

/** A machine that runs K3s. */
export interface ClusterNode extends ClusterMachine {
  readonly role: NodeRole;
  /** K3s options of this node: the role's config with the node's own on top (`key+` appends). */
  readonly config: Readonly<Record<string, ConfigValue>>;
  /** What `files` of the file, of the role and of the node send to it; absent when that is nothing. */
  readonly files?: readonly SentFile[];
}

/** How to reach a host; anything absent comes from ~/.ssh/config and ssh's defaults. */
export interface SshSettings {
  readonly user?: string;
  readonly port?: number;
  readonly identityFiles: readonly string[];
  /** Whose SSH logs in; without it, the built-in client wherever it can. */
  readonly client?: 'auto' | 'builtin' | 'openssh';
  readonly proxyJump?: string;
  readonly knownHostsFile?: string;
  /** Reference or literal. */
  readonly password?: string;
  readonly passphrase?: string;
  readonly sudoPassword?: string;
}
