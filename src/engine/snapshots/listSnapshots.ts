import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import { servesApi } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { listSnapshots as list } from '../../core/remote/listSnapshots';
import { examine, probeOf } from '../hosts/examine';
import { target } from '../hosts/targets';
import { noSnapshotsProblem } from '../planning/datastoreCopy';
import type { KnownSnapshot } from '../../core/health/snapshots';
import { knownSnapshots } from '../planning/knownSnapshots';
import { isRunning } from '../planning/starts';
import type { LookDependencies } from '../run/prepare';

/** The snapshots of a cluster, and what of it could not be asked. */
export interface SnapshotList {
  readonly snapshots: readonly KnownSnapshot[];
  readonly facts: ReadonlyMap<string, HostFacts>;
  /** Servers whose disks were not seen, with the reason. */
  readonly unseen: ReadonlyMap<string, Problem>;
  /** Why K3s itself does not tell what it knows: what is in S3 is missing then. */
  readonly silent?: Problem;
}

/**
 * Looks at the disks of all servers and asks K3s what it knows beside that; disks tell of snapshots also when no API answers.
 * Changes nothing.
 */
export async function listSnapshots(
  cluster: Cluster,
  deps: Pick<LookDependencies, 'hosts' | 'secrets' | 'parallel'>,
  signal?: AbortSignal,
): Promise<Result<SnapshotList, Problem>> {
  const none = noSnapshotsProblem(cluster);
  if (none !== undefined) return err(none);
  const admitted = await deps.secrets.admit();
  if (!admitted.ok) return admitted;
  const options = signal === undefined ? {} : { signal };
  const { facts, unreachable } = await examine(
    cluster.servers,
    probeOf(cluster, () => []),
    deps,
    {
      masked: (found) => found,
      ...options,
    },
  );
  const [first] = unreachable.values();
  if (facts.size === 0 && first !== undefined) return err(first);
  let silent: Problem | undefined;
  for (const server of cluster.servers.filter((one) => servesApi(cluster, one) && isRunning(one, facts))) {
    const told = await deps.hosts.run(target(server), list(), options);
    if (told.kind === 'done')
      return ok({ snapshots: knownSnapshots({ cluster, facts }, told.value), facts, unseen: unreachable });
    silent = told.problem;
  }
  const snapshots = knownSnapshots({ cluster, facts });
  return ok({ snapshots, facts, unseen: unreachable, ...(silent === undefined ? {} : { silent }) });
}
