/** How a user of a simulated host becomes root: `refused` is not in the sudoers file, `none` finds no sudo installed. */
export type SudoRule = 'nopasswd' | 'password' | 'refused' | 'none';

export interface PracticeUser {
  readonly name: string;
  /** Default: nopasswd. */
  readonly sudo?: SudoRule;
  /** Login by password and sudo's password; absent: login by key only. */
  readonly password?: string;
}

export interface PracticeHostOptions {
  /** Unique in the fleet; also the label in events. */
  readonly id: string;
  /** Loopback addresses of this host; the first one is where SSH listens. */
  readonly address: string;
  readonly otherAddresses?: readonly string[];
  /** Default: 2222. */
  readonly sshPort?: number;
  /** Default: the id in lower case. */
  readonly hostname?: string;
  /** Default: one user `practice` with sudo without a password. */
  readonly users?: readonly PracticeUser[];
  /** As `uname -m` prints it; default x86_64. */
  readonly arch?: string;
  readonly cpus?: number;
  readonly memoryKiB?: number;
  readonly diskFreeKiB?: number;
  /** What has started the host; default systemd. With OpenRC it is an Alpine Linux. */
  readonly init?: 'systemd' | 'openrc';
  /** Release that is installed from the start (method `preinstalled`). */
  readonly k3sVersion?: string;
}

export interface PracticeLoadBalancerOptions {
  /** Loopback address to listen on, or a DNS name that stands for the targets (round-robin DNS: no listener). */
  readonly address: string;
  readonly port: number;
  readonly targets: readonly PracticeTarget[];
  /**
   * Hosts on which HAProxy or nginx is to be installed, the preferred one first: connections pass only through one on which
   * it runs, to the servers of its configuration. Absent: a load balancer that somebody else runs, which knows its targets.
   */
  readonly machines?: readonly string[];
  /** The servers carry the address themselves: whoever connects meets the one that has it, and nobody else. */
  readonly onServers?: true;
}

export interface PracticeTarget {
  readonly address: string;
  readonly port: number;
}

export interface PracticeDatabaseOptions {
  /** Host and port as in the datastore endpoint, e.g. `10.0.0.5:3306`. */
  readonly address: string;
  /** When given, servers must log in with exactly this user and password; otherwise with those of the first that did. */
  readonly user?: string;
  readonly password?: string;
}

export interface FleetOptions {
  readonly hosts: readonly PracticeHostOptions[];
  readonly loadBalancer?: PracticeLoadBalancerOptions;
  /** Databases that are not listed here exist too. */
  readonly databases?: readonly PracticeDatabaseOptions[];
  /** Factor on every simulated wait; 1 is the pace of real hosts, 0.1 is ten times faster. Default: 1. */
  readonly timeScale?: number;
  /** Folder with keys and token as `prepareDirectory` writes it; absent: a temporary one that goes with the fleet. */
  readonly directory?: string;
}
