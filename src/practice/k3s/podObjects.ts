import type { K3sCluster } from './cluster';
import type { PracticePod } from './podStore';
import { budgetsOf } from './workloads';

/** An object in a namespace, as the practice API serves it. */
export interface NamespacedObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** The pods of a cluster as the API lists them. */
export function podObjects({ workloads: { pods } }: K3sCluster): readonly NamespacedObject[] {
  return pods.map(podObject);
}

function podObject({ namespace, name, labels, owner, emptyDir, node, phase, ending }: PracticePod): NamespacedObject {
  const ready = phase === 'Running' && !ending;
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels,
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [
              { apiVersion: 'apps/v1', kind: owner.kind, name: owner.of, uid: owner.of, controller: true },
            ],
          }),
      ...(ending ? { deletionTimestamp: '2026-11-27T00:00:00Z' } : {}),
    },
    spec: {
      ...(node === undefined ? {} : { nodeName: node }),
      volumes: emptyDir ? [{ name: 'data', emptyDir: {} }] : [],
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
  return object;
}

/** The budgets for disruption of a cluster as the API lists them. */
export function budgetObjects(cluster: K3sCluster): readonly NamespacedObject[] {
  return budgetsOf(cluster).map(({ namespace, name, spec, allowed, healthy, wanted, expected }) => {
    const object = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace },
      spec,
      status: {
        disruptionsAllowed: allowed,
        currentHealthy: healthy,
        desiredHealthy: wanted,
        expectedPods: expected,
      },
    };
    return object;
  });
}
