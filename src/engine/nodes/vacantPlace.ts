import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { say } from '../../core/base/say';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { matchNodes } from '../../core/health/matchNodes';
import { shellWord } from '../../core/remote/shell';
import { unitStatus } from '../../core/remote/unit';
import { listedNodes } from '../access/listedNodes';
import { isSilent } from '../planning/unreachable';
import type { Clock, RemoteHosts } from '../ports';

/** The place of a machine that does not run K3s any more. */
export interface VacantPlace {
  /** What the cluster calls who had it; undefined when it does not know. */
  readonly name?: string;
}

/**
 * Whether another machine may take the place of a node: nobody may hold it. The cluster has to answer, for it tells whether the
 * node reports; and the old machine is asked itself, because one that is cut off from the cluster may still run K3s.
 */
export async function vacantPlace(
  cluster: Cluster,
  node: ClusterNode,
  deps: { readonly hosts: RemoteHosts; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<Result<VacantPlace, Problem>> {
  const listed = await listedNodes(cluster, deps, signal);
  if (!listed.ok) return listed;
  const at = matchNodes(cluster, listed.value).matched.find(([one]) => one.id === node.id)?.[1];
  const live = at === undefined ? undefined : listed.value[at];
  // A kubelet that says why it is not Ready runs.
  if (live !== undefined && live.ready !== 'unknown')
    return err(stillRuns(node, say`Its Node ${live.name} is ${live.reason}.`));
  const status = unitStatus(unitOf(node), { before: '', journalLines: 0, waitSeconds: 0, known: '' });
  const asked = await deps.hosts.run(node, status, signal === undefined ? {} : { signal });
  if (asked.kind === 'done' && !ENDED.has(asked.value.active))
    return err(stillRuns(node, say`It answers over SSH, and ${unitOf(node)} is ${asked.value.active} there.`));
  // A machine with another key is not the one that had this place.
  if (asked.kind !== 'done' && !isSilent(asked.problem) && asked.problem.code !== 'ssh-host-key-changed')
    return err(asked.problem);
  const name = live?.name ?? node.name;
  return ok(name === undefined ? {} : { name });
}

const ENDED: ReadonlySet<string> = new Set(['inactive', 'failed', '']);

function stillRuns({ id }: ClusterNode, why: string): Problem {
  return problem('machine-runs', say`K3s still runs on the machine of ${id}, so no other one can take its place`, {
    host: id,
    why,
    nextSteps: [
      say`If it is off: wait a minute, a kubelet that has stopped is noticed after 50 s, and run this again.`,
      say`If it is to go while it still works: remove it first ("k3s-ha remove FILE ${shellWord(id)}"), write the new machine into the file, and provision.`,
    ],
  });
}
