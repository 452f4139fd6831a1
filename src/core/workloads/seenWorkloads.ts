import { objectIn, textIn } from '../base/json';
import type { NodeHealth } from '../health/nodeHealth';
import type { DisruptionBudget } from '../remote/pods';
import { readNodeTerms, type NodeTerms } from './nodeTerms';
import type { SeenNode } from './seenNode';
import type { SeenPod } from './seenPod';

/** A volume whose data lies on certain nodes. */
export interface LocalVolume {
  /** The claim that has it, `namespace/name`. */
  readonly claim: string;
  readonly name: string;
  /** Nodes that reach it; absent for one that is wherever its pod is, with other data. */
  readonly terms?: NodeTerms;
}

/** What was read of a running cluster to judge its workloads by. */
export interface SeenWorkloads {
  readonly pods: readonly SeenPod[];
  readonly nodes: readonly SeenNode[];
  readonly budgets: readonly DisruptionBudget[];
  readonly volumes: readonly LocalVolume[];
}

/** The workloads of a running cluster as they were read, with its nodes as health tells them. */
export interface ReadWorkloads {
  readonly seen: SeenWorkloads;
  readonly live: readonly NodeHealth[];
  /** In milliseconds since 1970. */
  readonly readAt: number;
}

/** A PersistentVolume of the API, if its data does not follow a pod everywhere: those of local-path name their node. */
export function readLocalVolume(object: unknown): LocalVolume | undefined {
  const { metadata, spec } = objectIn(object);
  const { claimRef, nodeAffinity, hostPath } = objectIn(spec);
  const terms = readNodeTerms(objectIn(nodeAffinity)['required']);
  if (terms === undefined && hostPath === undefined) return undefined;
  const { namespace, name } = objectIn(claimRef);
  return {
    claim: `${textIn(namespace)}/${textIn(name)}`,
    name: textIn(objectIn(metadata)['name']),
    ...(terms === undefined ? {} : { terms }),
  };
}
