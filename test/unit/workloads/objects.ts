import { nodeHealth, type NodeHealth } from '../../../src/core/health/nodeHealth';
import { readBudget } from '../../../src/core/remote/pods';
import { readSeenNode } from '../../../src/core/workloads/seenNode';
import { readSeenPod } from '../../../src/core/workloads/seenPod';
import { readLocalVolume, type SeenWorkloads } from '../../../src/core/workloads/seenWorkloads';
import { apiNode, NOW } from '../health/nodes';

type Json = Record<string, unknown>;

/** A node with room for 4 cores, 8 GiB and 110 pods. */
export function node(
  name: string,
  ip: string,
  more: { labels?: Record<string, string>; spec?: Json; allocatable?: Json } = {},
): Json {
  const base = apiNode({ name, ip, ...(more.labels === undefined ? {} : { labels: more.labels }) }) as {
    spec: Json;
    status: Json;
  };
  return {
    ...base,
    spec: { ...base.spec, ...more.spec },
    status: { ...base.status, allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...more.allocatable } },
  };
}

/** A ready pod of a Deployment, with what `spec` adds. */
export function pod(
  app: string,
  on: string,
  spec: Json = {},
  more: { owner?: Json | null; namespace?: string } = {},
): Json {
  made += 1;
  const { owner = { kind: 'ReplicaSet', name: `${app}-5d9f`, controller: true } } = more;
  return {
    metadata: {
      namespace: more.namespace ?? 'shop',
      name: `${app}-${made}`,
      labels: { app, 'pod-template-hash': '5d9f' },
      ...(owner === null ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      nodeName: on,
      containers: [{ name: 'main', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
      ...spec,
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}
let made = 0;

/** A volume as local-path makes it. */
export function localPath(claim: string, on: string): Json {
  const [namespace, name] = claim.split('/');
  return {
    metadata: { name: `pvc-${claim.length}` },
    spec: {
      claimRef: { namespace, name },
      hostPath: { path: '/var/lib/rancher/k3s/storage/pvc', type: 'DirectoryOrCreate' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [on] }] }],
        },
      },
    },
  };
}

export const withClaim = (claim: string): Json => ({
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
});

export interface Objects {
  readonly nodes: readonly Json[];
  readonly pods: readonly unknown[];
  readonly budgets?: readonly unknown[];
  readonly volumes?: readonly unknown[];
}

/** What the reader makes of objects of the API. */
export function seen({ nodes, pods, budgets = [], volumes = [] }: Objects): {
  seen: SeenWorkloads;
  live: NodeHealth[];
} {
  return {
    seen: {
      nodes: nodes.map(readSeenNode),
      pods: pods.map(readSeenPod),
      budgets: budgets.map(readBudget),
      volumes: volumes.map(readLocalVolume).filter((volume) => volume !== undefined),
    },
    live: nodes.map((one) => nodeHealth(one, NOW)),
  };
}
