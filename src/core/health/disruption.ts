import { say } from '../base/say';
import { count, listed } from '../base/words';
import { meetsCondition } from '../k3s/labelCondition';
import { shellWord } from '../remote/shell';
import type { DisruptionBudget, LabelSelector, Pod, PodsAndBudgets } from '../remote/pods';

/** Pods that a drain of their node cannot move now, and why. */
export interface KeptPods {
  /** `PodDisruptionBudget shop/web allows no pod to go: 2 of 2 wanted ones are healthy`. */
  readonly why: string;
  readonly pods: readonly Pod[];
  /** Where a person looks. */
  readonly command: string;
}

/** The pods of these nodes that the API would not let go now, judged for all of the nodes together. */
export function keptPods({ pods, budgets }: PodsAndBudgets, nodes: ReadonlySet<string>): readonly KeptPods[] {
  const moved = pods.filter((pod) => nodes.has(pod.node) && isEvicted(pod) && needsBudget(pod));
  const selected = new Map(moved.map((pod) => [pod, budgets.filter((budget) => selects(budget, pod))]));
  const closed = budgets.flatMap((budget): KeptPods[] => {
    if (budget.allowed > 0) return [];
    const kept = moved.filter((pod) => selected.get(pod)?.includes(budget) === true && !mayGo(pod, budget));
    if (kept.length === 0) return [];
    const why = say`${nameOf(budget)} allows no pod to go: ${count(budget.healthy, 'pod')} of it ${budget.healthy === 1 ? 'is' : 'are'} healthy, and ${budget.wanted} must stay so`;
    return [
      {
        why,
        pods: kept,
        command: `kubectl get pdb ${shellWord(budget.name)} --namespace ${shellWord(budget.namespace)}`,
      },
    ];
  });
  // https://kubernetes.io/docs/concepts/workloads/pods/disruptions/: the API evicts no pod that several budgets select.
  const several = moved.flatMap((pod): KeptPods[] => {
    const own = selected.get(pod) ?? [];
    if (own.length < 2) return [];
    const why = say`${listed(own.map(nameOf))} select the same pod, and Kubernetes evicts none that has more than one`;
    return [{ why, pods: [pod], command: `kubectl get pdb --namespace ${shellWord(pod.namespace)}` }];
  });
  return [...closed, ...several];
}

/** Pods of a node that a drain moves or deletes: those of DaemonSets and of files on the node stay. */
export function isEvicted({ owner, mirror }: Pod): boolean {
  return owner !== 'DaemonSet' && !mirror;
}

/** Pods that have ended, have not begun or are ending need no budget. */
export function needsBudget({ phase, ending }: Pod): boolean {
  return phase === 'Running' && !ending;
}

/** `shop/web-7f-x` */
export function podName({ namespace, name }: Pick<Pod, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy */
function mayGo(pod: Pod, { unhealthyAlways, healthy, wanted }: DisruptionBudget): boolean {
  return !pod.ready && (unhealthyAlways || (healthy >= wanted && wanted > 0));
}

function nameOf({ namespace, name }: DisruptionBudget): string {
  return `PodDisruptionBudget ${namespace}/${name}`;
}

function selects({ namespace, selector }: DisruptionBudget, pod: Pod): boolean {
  return namespace === pod.namespace && selector !== undefined && matches(selector, pod.labels);
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
export function matches({ labels, expressions }: LabelSelector, own: ReadonlyMap<string, string>): boolean {
  return (
    Object.entries(labels).every(([key, value]) => own.get(key) === value) &&
    expressions.every((condition) => meetsCondition(own, condition))
  );
}
