import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterMachine, ClusterNode } from '../../core/cluster/cluster';
import { machinesOf, nodesOf } from '../../core/cluster/roles';
import { matchNodes } from '../../core/health/matchNodes';
import { listedNodes } from '../access/listedNodes';
import type { Clock, RemoteHosts } from '../ports';

/** What asking about a node needs. */
export interface NodeDependencies {
  readonly hosts: RemoteHosts;
  readonly clock: Clock;
}

/** A node of the cluster file by its id. */
export function declaredNode(cluster: Cluster, id: string): Result<ClusterNode, Problem> {
  const nodes = nodesOf(cluster);
  const found = nodes.find((node) => node.id === id);
  return found === undefined ? err(unknownNode(id, nodes)) : ok(found);
}

/** A machine of the file by its id: a node, or one that carries the load balancer. */
export function declaredMachine(cluster: Cluster, id: string): Result<ClusterMachine, Problem> {
  const machines = machinesOf(cluster);
  const found = machines.find((machine) => machine.id === id);
  return found === undefined ? err(unknownNode(id, machines)) : ok(found);
}

/** How the cluster calls a node: one of the file by its id, any other one by its own name. */
export async function nameInCluster(
  cluster: Cluster,
  id: string,
  deps: NodeDependencies,
  signal?: AbortSignal,
): Promise<Result<string, Problem>> {
  const live = await listedNodes(cluster, deps, signal);
  if (!live.ok) return live;
  const nodes = nodesOf(cluster);
  const node = nodes.find((one) => one.id === id);
  if (node === undefined) return live.value.some(({ name }) => name === id) ? ok(id) : err(unknownNode(id, nodes));
  const at = matchNodes(cluster, live.value).matched.find(([one]) => one === node)?.[1];
  const found = at === undefined ? undefined : live.value[at];
  if (found !== undefined) return ok(found.name);
  return err(
    problem('node-absent', say`The cluster has no node ${id}`, {
      host: id,
      why: say`K3s has never registered it, or it runs there without an agent.`,
      nextSteps: [say`Provision the cluster: that installs or starts what is missing.`],
    }),
  );
}

function unknownNode(id: string, nodes: readonly Pick<ClusterNode, 'id'>[]): Problem {
  return problem('node-unknown', say`The cluster file has no node ${id}`, {
    nextSteps: [say`Its nodes are ${listed(nodes.map((node) => node.id))}.`],
  });
}
