import type { Problem } from '../../base/problem';
import type { HostFacts } from '../../facts/probe';
import type { NodeRole } from '../../k3s/nodeRole';
import type { ClusterMarks } from '../../remote/clusterMarks';
import type { EtcdView } from '../../remote/etcd';

/** A cluster that runs, as a look at its API and its hosts tells it. Holds secrets. */
export interface SeenCluster {
  /** What the file is to call it. */
  readonly name: string;
  readonly ssh: SeenLogin;
  /** In the order of the file. */
  readonly nodes: readonly SeenNode[];
  /** The password of its token; absent when it could not be read. */
  readonly token?: string;
  /** Absent when they could not be asked. */
  readonly marks?: ClusterMarks;
}

/** How all of its hosts were reached, as the person said it. */
export interface SeenLogin {
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
}

/** A node that Kubernetes has. */
export interface SeenNode {
  readonly name: string;
  readonly role: NodeRole;
  /** Where it was reached over SSH, or where that would be tried. */
  readonly host: string;
  readonly zone?: string;
  /** The release that runs. */
  readonly version?: string;
  /** As Kubernetes tells them, host name included. */
  readonly addresses: readonly string[];
  /** Labels that K3s and Kubernetes do not set themselves. */
  readonly labels: Readonly<Record<string, string>>;
  /** `key=value:effect` */
  readonly taints: readonly string[];
  /** What its host told; else why it did not. */
  readonly seen: SeenHost | Problem;
}

export interface SeenHost {
  readonly facts: HostFacts;
  /** Files that K3s reads beside its configuration. */
  readonly files: readonly string[];
  /** Embedded etcd as this server sees it, or why that was not told; absent where there is none. */
  readonly etcd?: EtcdView | Problem;
}

/** What the host of a node told; undefined when it was not reached. */
export function hostOf({ seen }: SeenNode): SeenHost | undefined {
  return 'facts' in seen ? seen : undefined;
}
