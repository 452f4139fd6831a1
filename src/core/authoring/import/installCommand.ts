import type { NodeRole } from '../../k3s/nodeRole';

/** An option of K3s as commands and configuration files give it. */
export type OptionValue = string | boolean | readonly string[];

export type OptionValues = Readonly<Record<string, OptionValue>>;

/** How a tool logs in. */
export interface Login {
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  readonly proxyJump?: string;
  readonly password?: string;
  readonly passphrase?: string;
  readonly sudoPassword?: string;
}

/** What one command, file or entry says about one machine. */
export interface InstallCommand {
  readonly role: NodeRole;
  /** Options of K3s by their names in the configuration. */
  readonly options: OptionValues;
  /** Variables for the install script that are no options. */
  readonly env: Readonly<Record<string, string>>;
  readonly scriptUrl?: string;
  /** Where the command is for, when it says so. */
  readonly host?: string;
  readonly zone?: string;
  readonly ssh?: Login;
  readonly clusterName?: string;
  /** It is about all machines of the role, and none is named. */
  readonly ofAll?: true;
  /** No text is about it: it is only known as a server that others join. */
  readonly onlyJoined?: true;
  /** The address that it joins at is that of a server, and none in front of servers. */
  readonly joinsServer?: true;
  /** What was not understood, each as a sentence. */
  readonly notes: readonly string[];
}

/** The address in front of the servers. */
export interface FoundBalancer {
  readonly address: string;
  readonly port?: number;
  readonly type?: 'kube-vip';
  readonly interface?: string;
}

/** What a reader makes of its texts. */
export interface Reading {
  readonly commands: readonly InstallCommand[];
  readonly notes: readonly string[];
  readonly balancer?: FoundBalancer;
  /** What stands in `registries.yaml`, or where that file is. */
  readonly registries?: unknown;
}

/** A text as somebody has it: pasted, or a file with its name. */
export interface SourceText {
  readonly name?: string;
  readonly text: string;
}
