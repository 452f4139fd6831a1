import { stringify } from 'yaml';
import type { Problem } from '../../base/problem';
import { err, ok, type Result } from '../../base/result';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import { configOptions } from '../../cluster/configFile';
import type { Exported, ExportForm } from './exported';
import { airGapped } from './left';

/** Plans that bring a running cluster to the release of the file. https://docs.k3s.io/upgrades/automated */
export const systemUpgradeController: ExportForm = {
  id: 'system-upgrade-controller',
  title: 'system-upgrade-controller',
  make,
};

/** A Plan as Kubernetes takes it. */
export interface PlanObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
}

/** The plans of the file, servers first; a problem for files of which an upgrade by them would not come about. */
export function upgradePlans(cluster: Cluster): Result<readonly PlanObject[], Problem> {
  const { install, version, channel = 'stable', upgrade } = cluster.k3s;
  if (install.method === 'airgap') return err(airGapped('system-upgrade-controller'));
  const release =
    version === undefined ? { channel: `https://update.k3s.io/v1-release/channels/${channel}` } : { version };
  const agentsAtOnce = upgrade?.agentsAtOnce ?? 1;
  const drain =
    upgrade?.drain === true
      ? {
          drain: {
            force: upgrade.unmanagedPods === 'delete',
            ignoreDaemonSets: true,
            deleteEmptydirData: upgrade.emptyDir === 'delete',
            timeout: `${upgrade.drainTimeoutMs / 1000}s`,
          },
        }
      : { cordon: true };
  const plan = (
    [name, nodes]: readonly [string, readonly ClusterNode[]],
    concurrency: number,
    operator: 'Exists' | 'DoesNotExist',
    more: object,
  ): PlanObject => ({
    apiVersion: 'upgrade.cattle.io/v1',
    kind: 'Plan',
    metadata: { name, namespace: 'system-upgrade' },
    spec: {
      concurrency,
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator }] },
      serviceAccountName: 'system-upgrade',
      ...tolerated(cluster, nodes),
      ...more,
      ...drain,
      upgrade: { image: 'rancher/k3s-upgrade' },
      ...release,
    },
  });
  const atOnce =
    typeof agentsAtOnce === 'number'
      ? agentsAtOnce
      : Math.max(1, Math.floor((cluster.agents.length * Number.parseFloat(agentsAtOnce)) / 100));
  return ok([
    plan(['k3s-server', cluster.servers], 1, 'Exists', {}),
    ...(cluster.agents.length === 0
      ? []
      : [
          plan(['k3s-agent', cluster.agents], atOnce, 'DoesNotExist', {
            prepare: { image: 'rancher/k3s-upgrade', args: ['prepare', 'k3s-server'] },
          }),
        ]),
  ]);
}

function make(cluster: Cluster): Result<Exported, Problem> {
  const { install } = cluster.k3s;
  const plans = upgradePlans(cluster);
  if (!plans.ok) return plans;
  return ok({
    files: [{ name: 'plans.yaml', text: `${HEADER}${plans.value.map((each) => stringify(each)).join('---\n')}` }],
    left: [
      'The controller itself has to be installed first; remove the plans before K3s HA upgrades this cluster again.',
      'No snapshot of etcd is saved before, no load balancer is told, and no node gets its old binary back.',
      ...((cluster.hooks ?? []).length === 0 ? [] : ['hooks are not run.']),
      ...(install.scriptUrl === 'https://get.k3s.io'
        ? []
        : ['The image of the upgrade brings K3s, not k3s.install.scriptUrl.']),
    ],
  });
}

/** The controller tolerates nothing by itself but a cordon: its jobs would wait for ever on nodes with taints. */
function tolerated(cluster: Cluster, nodes: readonly ClusterNode[]): object {
  const taints = nodes.flatMap((node) => {
    const written = configOptions(cluster, node, { kind: 'found' })['node-taint'];
    return written === undefined ? [] : [written].flat().map(String);
  });
  const tolerations = [...new Set(taints)].flatMap((taint) => {
    const [, key, effect] = /^([^=:]+)(?:=[^:]*)?:(\w+)$/.exec(taint) ?? [];
    return key === undefined ? [] : [{ key, operator: 'Exists', effect }];
  });
  return tolerations.length === 0 ? {} : { tolerations };
}

const HEADER = '# Made by K3s HA from the cluster file: change it there.\n';
