import { ok } from '../base/result';
import type { RunningWorkload, UpgradePlan } from '../k3s/otherOperators';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** Prints, through this server's own API server, who answers as `default/kubernetes` and who else may work on the cluster. */
export const CLUSTER_MARKS_SCRIPT: RemoteScript = {
  id: 'cluster-marks',
  text: `${HOST_K3S}
ask() { k3s kubectl get "$@" --request-timeout=10s 2>/dev/null; }
ask endpoints kubernetes -n default -o 'jsonpath={range .subsets[*].addresses[*]}endpoint {.ip}{"\\n"}{end}'
ask plans.upgrade.cattle.io -A -o 'jsonpath={range .items[*]}plan|{.metadata.namespace}/{.metadata.name}|{.spec.version}|{.status.latestVersion}|{.spec.upgrade.image}|{.status.applying[*]}{"\\n"}{end}'
ask daemonsets,deployments,statefulsets -A -o 'jsonpath={range .items[*]}workload|{.metadata.namespace}/{.metadata.name}|{.spec.replicas}{.status.desiredNumberScheduled}|{.spec.template.spec.containers[*].image}|{.metadata.annotations.weave\\.works/kured-node-lock}{"\\n"}{end}'
exit 0`,
};

/** What tells of a running cluster who else is at work there. */
export interface ClusterMarks {
  /** Addresses of the Endpoints `default/kubernetes`; empty when they could not be read. */
  readonly endpoints: readonly string[];
  readonly plans: readonly UpgradePlan[];
  /** Everything that runs pods for long. */
  readonly workloads: readonly RunningWorkload[];
  /** A person keeps kured from rebooting. https://kured.dev/docs/operation/#disabling-reboots */
  readonly manualLock: boolean;
}

/** Asks for {@link ClusterMarks}; what cannot be read is empty. */
export function clusterMarks(): RemoteCommand<ClusterMarks> {
  return {
    script: CLUSTER_MARKS_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: ({ stdout }) => {
      const lines = stdout.split('\n').map((line) => line.trim());
      const of = (kind: string): string[][] =>
        lines.filter((line) => line.startsWith(`${kind}|`)).map((line) => line.split('|').slice(1));
      return ok({
        endpoints: lines.flatMap((line) => /^endpoint (\S+)$/.exec(line)?.[1] ?? []),
        plans: of('plan').map(([name = '', version, resolved, image, applying = '']) => ({
          name,
          ...(version ? { version } : {}),
          ...(resolved ? { resolved } : {}),
          ...(image ? { image } : {}),
          applying: words(applying),
        })),
        workloads: of('workload').map(([name = '', pods, images = '']) => ({
          name,
          images: words(images),
          ...(pods ? { pods: Number(pods) } : {}),
        })),
        manualLock: of('workload').some(([, , , ...lock]) => /"nodeID":\s*"manual"/.test(lock.join('|'))),
      });
    },
  };
}

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
