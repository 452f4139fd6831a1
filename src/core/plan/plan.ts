import type { Problem } from '../base/problem';
import type { ServerStart } from '../cluster/configFile';
import type { ClusterNode } from '../cluster/cluster';

/** What a step does on its host. */
export type StepAction =
  | { readonly type: 'write-config'; readonly start: ServerStart }
  | { readonly type: 'install' }
  /** Start K3s and wait until it reports ready. */
  | { readonly type: 'start' }
  /** Restart a running node: servers one by one, and only while the others keep the cluster up. */
  | { readonly type: 'restart' }
  /** Wait until all declared nodes are registered and Ready. */
  | { readonly type: 'await-nodes' };

/** `unknown`: the connection was lost before the outcome was known. `skipped`: something it waits for did not succeed. */
export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'unknown' | 'skipped' | 'cancelled';

export interface Step {
  /** `<action>:<node id>`. */
  readonly id: string;
  /** Id of the node it runs on. */
  readonly node: string;
  readonly action: StepAction;
  /** What will happen, for people. */
  readonly title: string;
  /** Why it is needed. */
  readonly reason: string;
  /** Ids of the steps that have to be done before. */
  readonly after: readonly string[];
  /** Rough duration for ordering, in milliseconds; not a promise. */
  readonly estimateMs: number;
}

/** What has to happen so that the hosts match the cluster file. Holds no secret. */
export interface Plan {
  readonly clusterName: string;
  readonly nodes: readonly ClusterNode[];
  readonly steps: readonly Step[];
  /** Reasons why nothing may be touched. A plan with problems has no steps. */
  readonly problems: readonly Problem[];
  /** Worth knowing before one says yes. */
  readonly notes: readonly string[];
}

/** What would happen on each host, in order, by node id. */
export function stepsByNode({ steps }: Plan): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { node, title } of steps) {
    const titles = found.get(node);
    if (titles === undefined) found.set(node, [title]);
    else titles.push(title);
  }
  return found;
}
