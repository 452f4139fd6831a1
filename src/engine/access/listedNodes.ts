import type { Problem } from '../../core/base/problem';
import { ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { nodeHealth, type NodeHealth } from '../../core/health/nodeHealth';
import { listNodes } from '../../core/remote/kubectl';
import type { Clock, RemoteHosts } from '../ports';
import { askApi } from './askApi';

/** The nodes of the running cluster, told over SSH by the first server of the file that answers. */
export async function listedNodes(
  cluster: Cluster,
  { hosts, clock }: { readonly hosts: RemoteHosts; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<Result<readonly NodeHealth[], Problem>> {
  const listed = await askApi(cluster, listNodes(), { hosts }, signal);
  if (!listed.ok) return listed;
  const now = clock.now();
  return ok(listed.value.map((item) => nodeHealth(item, now)));
}
