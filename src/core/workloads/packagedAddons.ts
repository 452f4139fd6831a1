import { later } from '../base/say';
import type { SeenPod } from './seenPod';
import type { SeenWorkloads } from './seenWorkloads';

/** What K3s brings along. https://docs.k3s.io/installation/packaged-components */
interface PackagedAddon {
  readonly name: string;
  /** What nobody has while it is away. */
  readonly lack: string;
  /** A manifest of one's own that keeps two of it, where losing it hurts; K3s leaves it alone. */
  readonly cure?: { readonly file: string; readonly manifest: string };
}

/**
 * CoreDNS comes as a plain manifest: a HelmChartConfig does not reach it, and a changed `coredns.yaml` is written anew at each start
 * of a server. An autoscaler is an object of its own, which brings the Deployment back to two whatever is applied; at its minimum it needs no metrics.
 * https://github.com/k3s-io/k3s/blob/master/manifests/coredns.yaml
 */
const TWO_COREDNS = `# Keeps two CoreDNS pods. K3s spreads them over nodes, and applies only its own coredns.yaml when it starts.
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: coredns
  namespace: kube-system
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: coredns
  minReplicas: 2
  maxReplicas: 4
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 80
`;

/** Traefik comes as a Helm chart, which takes values from one HelmChartConfig of its name. https://docs.k3s.io/helm#customizing-packaged-components-with-helmchartconfig */
const TWO_TRAEFIK = `# Two Traefik pods. A cluster has one HelmChartConfig for it: if yours has one already, put the values in there.
apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata:
  name: traefik
  namespace: kube-system
spec:
  valuesContent: |-
    deployment:
      replicas: 2
`;

const ADDONS: readonly PackagedAddon[] = [
  {
    name: 'coredns',
    lack: later`no name of the cluster is resolved`,
    cure: { file: 'coredns-two-pods.yaml', manifest: TWO_COREDNS },
  },
  {
    name: 'traefik',
    lack: later`nothing comes in through Ingress`,
    cure: { file: 'traefik-two-pods.yaml', manifest: TWO_TRAEFIK },
  },
  { name: 'metrics-server', lack: later`"kubectl top" and autoscalers have no figures` },
  { name: 'local-path-provisioner', lack: later`no new volume is made` },
];

/** A packaged add-on of which one pod is all there is. */
export interface SingleAddon extends PackagedAddon {
  readonly node: string;
}

/** The packaged add-on that a workload is, if it is one. */
export function packagedAddon(workload: {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}): PackagedAddon | undefined {
  return workload.namespace === 'kube-system' && workload.kind === 'Deployment'
    ? ADDONS.find(({ name }) => name === workload.name)
    : undefined;
}

/** Packaged add-ons that hang on one pod. */
export function singleAddons({ pods }: SeenWorkloads): readonly SingleAddon[] {
  return ADDONS.flatMap((addon) => {
    const isOwn = ({ namespace, workload }: SeenPod): boolean => packagedAddon({ namespace, ...workload }) === addon;
    const [one, ...more] = pods.filter((pod) => isOwn(pod) && !pod.ending && pod.phase === 'Running');
    return one === undefined || more.length > 0 ? [] : [{ ...addon, node: one.node }];
  });
}

/** Names of those that two pods can be kept of. */
export function curableAddons(): readonly string[] {
  return ADDONS.filter(({ cure }) => cure !== undefined).map(({ name }) => name);
}

export function cureOf(addon: string): PackagedAddon['cure'] {
  return ADDONS.find(({ name }) => name === addon)?.cure;
}
