import type { NodeRole } from '../../k3s/nodeRole';

/** An option of K3s as commands and configuration files give it. */
export type OptionValue = string | boolean | readonly string[];

/** What one command says about one machine. */
export interface InstallCommand {
  readonly role: NodeRole;
  /** Options of K3s by their names in the configuration. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Variables for the install script that are no options. */
  readonly env: Readonly<Record<string, string>>;
  readonly scriptUrl?: string;
  /** Where the command is for, when it says so. */
  readonly host?: string;
  readonly sshUser?: string;
  readonly sshKey?: string;
  readonly sshPort?: number;
  readonly clusterName?: string;
  /** What was not understood, each as a sentence. */
  readonly notes: readonly string[];
}
