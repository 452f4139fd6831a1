import type { Workload } from './workloadManifest';

/** A pod that a manifest asked for. */
export interface PracticePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Kind of what makes it anew; none for a pod that stands alone. */
  readonly owner?: { readonly kind: string; readonly of: string };
  readonly emptyDir: boolean;
  /** As its manifest has it. */
  readonly spec: Readonly<Record<string, unknown>>;
  node?: string;
  phase: 'Pending' | 'Running';
  /** Its containers are on their way. */
  starting: boolean;
  ending: boolean;
}

/** The pods of one cluster. */
export interface Workloads {
  readonly pods: PracticePod[];
  /** For names of pods, which are never used twice. */
  made: number;
  /** Objects of manifests, by their text. */
  readonly read: Map<string, readonly Workload[]>;
}

export function workloads(): Workloads {
  return { pods: [], made: 0, read: new Map() };
}
