import { ok } from '../base/result';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** Prints, through this server's own API server, who answers as `default/kubernetes` and who else may work on the cluster. */
export const CLUSTER_MARKS_SCRIPT: RemoteScript = {
  id: 'cluster-marks',
  text: `${HOST_K3S}
ask() { k3s kubectl get "$@" --request-timeout=10s 2>/dev/null; }
ask endpoints kubernetes -n default -o 'jsonpath={range .subsets[*].addresses[*]}endpoint {.ip}{"\\n"}{end}'
ask plans.upgrade.cattle.io -A -o 'jsonpath={range .items[*]}plan {.metadata.namespace}/{.metadata.name} {.spec.version}{"\\n"}{end}'
ask daemonsets,deployments,statefulsets -A -o 'jsonpath={range .items[*]}workload {.metadata.namespace}/{.metadata.name} {.spec.replicas} {.metadata.annotations.weave\\.works/kured-node-lock}{"\\n"}{end}'
exit 0`,
};

/** What tells of a running cluster who else is at work there. */
export interface ClusterMarks {
  /** Addresses of the Endpoints `default/kubernetes`; empty when they could not be read. */
  readonly endpoints: readonly string[];
  /** Plans of system-upgrade-controller, with the release that they keep. */
  readonly plans: readonly { readonly name: string; readonly version?: string }[];
  /** `namespace/name` of everything that runs pods for long. */
  readonly workloads: readonly string[];
  /** Those of them that are scaled to nothing. */
  readonly paused: readonly string[];
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
      const of = (kind: string): string[][] =>
        stdout
          .split('\n')
          .map((line) => line.trim().split(/\s+/))
          .filter(([first]) => first === kind)
          .map(([, ...words]) => words);
      return ok({
        endpoints: of('endpoint').flatMap(([address]) => (address === undefined ? [] : [address])),
        plans: of('plan').flatMap(([name, version]) =>
          name === undefined ? [] : [{ name, ...(version === undefined ? {} : { version }) }],
        ),
        workloads: of('workload').flatMap(([name]) => (name === undefined ? [] : [name])),
        paused: of('workload').flatMap(([name, replicas]) => (name === undefined || replicas !== '0' ? [] : [name])),
        manualLock: of('workload').some((words) => /"nodeID":"manual"/.test(words.slice(1).join(''))),
      });
    },
  };
}
