import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { describeNode } from '../../core/remote/describeNode';
import { setSchedulable } from '../../core/remote/schedulable';
import { askApi } from '../access/askApi';
import type { RunMask } from '../run/mask';
import { nameInCluster, type NodeDependencies } from './findNode';

/**
 * Lets pods onto a node, or keeps new ones away, until somebody says otherwise; what runs on it stays. Gives whether that was so before.
 */
export async function setNodeSchedulable(
  cluster: Cluster,
  id: string,
  on: boolean,
  deps: NodeDependencies,
  signal?: AbortSignal,
): Promise<Result<{ readonly before: boolean }, Problem>> {
  const name = await nameInCluster(cluster, id, deps, signal);
  if (!name.ok) return name;
  const set = await askApi(cluster, setSchedulable(name.value, on), deps, signal);
  if (!set.ok) return set;
  if (set.value === 'absent') return err(problem('node-absent', say`The cluster has no node ${name.value} any more`));
  return ok({ before: set.value === 'yes' });
}

/** All that the cluster tells of a node: conditions, pods on it, what they have asked for. */
export async function describedNode(
  cluster: Cluster,
  id: string,
  { mask, ...deps }: NodeDependencies & { readonly mask: RunMask },
  signal?: AbortSignal,
): Promise<Result<string, Problem>> {
  const name = await nameInCluster(cluster, id, deps, signal);
  if (!name.ok) return name;
  const told = await askApi(cluster, describeNode(name.value), deps, signal);
  return told.ok ? ok(mask.lines(told.value.split('\n')).join('\n')) : told;
}
