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

/** What stands behind the name of a Deployment in those of its ReplicaSet and pods; K3s makes it of the template. */
const TEMPLATE_HASH = '5d9fbc6f4c';

/** The labels that a pod has in the API: those of its template, and the hash of that where a ReplicaSet made it. */
export function podLabels({ labels, owner }: Pick<PracticePod, 'labels' | 'owner'>): Readonly<Record<string, string>> {
  return { ...labels, ...(owner?.kind === 'ReplicaSet' ? { 'pod-template-hash': TEMPLATE_HASH } : {}) };
}

function podObject({ namespace, name, labels, owner, spec, node, phase, ending }: PracticePod): NamespacedObject {
  const replicas = owner?.kind === 'ReplicaSet';
  const ready = phase === 'Running' && !ending;
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: podLabels({ labels, owner }),
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: 'apps/v1',
                kind: owner.kind,
                name: replicas ? `${owner.of}-${TEMPLATE_HASH}` : owner.of,
                uid: owner.of,
                controller: true,
              },
            ],
          }),
      ...(ending ? { deletionTimestamp: '2026-11-27T00:00:00Z' } : {}),
    },
    spec: {
      volumes: [],
      ...spec,
      ...(node === undefined ? {} : { nodeName: node }),
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
