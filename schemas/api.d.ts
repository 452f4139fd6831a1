// What other extensions get from K3s HA. Copy this file; docs/api.md says how to ask for it.

/** `(await vscode.extensions.getExtension('k3s-ha.k3s-ha')?.activate()) as K3sHaApi` */
export interface K3sHaApi {
  /** Grows when something is taken away or means something else; what is added does not change it. */
  readonly apiVersion: 1;
  /** The clusters that the files of the workspace describe. None in a workspace that is not trusted. */
  clusters(): Promise<readonly K3sHaCluster[]>;
  /** A cluster file, or what is known of its cluster, has changed: ask again. */
  readonly onDidChange: (listener: () => void) => { dispose(): void };
}

/** A cluster of a file. Nothing in it is secret. */
export interface K3sHaCluster {
  /** URI of the cluster file. */
  readonly file: string;
  readonly name: string;
  readonly servers: readonly string[];
  readonly agents: readonly string[];
  /** `unknown`: nobody watches it. `silent`: its API does not answer. `simulated`: it is that of a practice fleet. */
  readonly health: {
    readonly state: 'unknown' | 'not-provisioned' | 'healthy' | 'degraded' | 'critical' | 'silent';
    readonly words: string;
    readonly simulated: boolean;
  };
  /** Where kubectl finds the cluster on this computer; absent when no kubeconfig of the person has its context. */
  readonly kubeconfig?: { readonly path: string; readonly context: string };
}
