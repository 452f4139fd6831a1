import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import { hasReached } from '../../core/k3s/versionGate';
import { listed } from '../../core/base/words';
import type { NodeChange } from './nodeChange';
import type { Situation } from './situation';

/** The first releases with containerd 2.0. https://github.com/k3s-io/k3s/pull/11626 */
const CONTAINERD_2 = ['v1.31.6+k3s1', 'v1.32.2+k3s1'];
const OLD = 'config.toml.tmpl';
const NEW = 'config-v3.toml.tmpl';

/** Machines with a template of their own for containerd, of which the new release reads another one first. */
export function templateNotes(situation: Situation, changeOf: (node: ClusterNode) => NodeChange): readonly string[] {
  const { cluster, facts } = situation;
  const { version } = cluster.k3s;
  if (version === undefined || !hasReached(version, CONTAINERD_2)) return [];
  const crossing = nodesOf(cluster).filter((node) => {
    const { k3sVersion, containerdTemplates = [] } = facts.get(node.id) ?? {};
    if (k3sVersion === undefined || changeOf(node).installation === undefined) return false;
    const isOld = containerdTemplates.includes(OLD) && !containerdTemplates.includes(NEW);
    return isOld && !hasReached(k3sVersion, CONTAINERD_2);
  });
  if (crossing.length === 0) return [];
  return [
    say`${listed(crossing.map(({ id }) => id))} ${crossing.length === 1 ? say`has a template of its own` : say`have templates of their own`} for containerd (${OLD} in agent/etc/containerd of the data-dir). With ${version} containerd is 2.x: that template goes on with the old schema, and keys of the new one have no effect in it (pods then fail with "Unknown runtime handler"). Lay one in the new schema beside it as ${NEW} before the upgrade.`,
  ];
}
