import { say } from '../../core/base/say';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { servesApi } from '../../core/cluster/roles';
import { clusterLease, type LeaseAttempt } from './clusterLease';
import type { LeaseDependencies } from './leaseHolder';
import { takeServerLease } from './serverLease';

const RENEWAL_MS = 20_000;

/** The right of one run to change the servers of a cluster. */
export interface Lease {
  /** Aborted when somebody else has the lease of a server or of the cluster: nothing may be changed any more. */
  readonly lost: AbortSignal;
  /** Why it is lost. */
  problem(): Problem | undefined;
  /** A cluster that did not answer may do so now: its lease is taken, too. */
  reach(): void;
  release(): Promise<void>;
}

/**
 * Takes the lease of these servers and, when it answers, of their cluster, and renews both until they are released. A
 * cluster that does not answer is no obstacle: it may be founded by this very run. A problem says whose the lease is;
 * nothing is held then. One that `leaves` is not asked for that of the cluster: K3s that is called unpacks itself again.
 */
export async function acquireLease(
  cluster: Cluster,
  servers: readonly ClusterNode[],
  deps: LeaseDependencies,
  leaves: (server: ClusterNode) => boolean = () => false,
): Promise<Result<Lease, Problem>> {
  const { clock, signal, log } = deps;
  const ofServers = await takeServerLease(servers, deps);
  if (!ofServers.ok) return err(because(ofServers.error, say`nothing was changed`));
  const { release: releaseServers, renew: renewServers } = ofServers.value;
  const ofCluster = clusterLease(
    ofServers.value.servers.filter((server) => servesApi(cluster, server) && !leaves(server)),
    deps,
  );
  let work: Promise<unknown> = Promise.resolve();
  /** One attempt at a time: each begins with what the one before has learnt. */
  const attemptInTurn = (): Promise<LeaseAttempt> => {
    const attempt = work.then(() => ofCluster.attempt());
    work = attempt;
    return attempt;
  };
  const releaseAll = async (): Promise<void> => {
    await ofCluster.release();
    await releaseServers();
  };
  /** Why the lease is not that of this run (any more). */
  const renew = async (): Promise<Problem | undefined> => (await renewServers()) ?? (await tend());
  const tend = async (): Promise<Problem | undefined> => {
    const attempt = await attemptInTurn();
    return attempt.kind === 'theirs' && deps.turnsBack !== true ? attempt.why : undefined;
  };

  for (let attempt = await ofCluster.attempt(); 'why' in attempt; attempt = await ofCluster.attempt()) {
    let found = attempt.kind === 'theirs' ? attempt.why : undefined;
    if (found === undefined) {
      log.info(`${attempt.why.message}, or was: their lease is watched until it is renewed or ends.`);
      const waited = await clock.sleep(RENEWAL_MS, signal).then(
        () => true,
        () => false,
      );
      found = waited ? await renewServers() : attempt.why;
    }
    if (found === undefined) continue;
    await releaseAll();
    return err(because(found, say`nothing was changed`));
  }

  const over = new AbortController();
  const lost = new AbortController();
  let why: Problem | undefined;
  let reaching = false;
  const judge = (found: Problem | undefined): void => {
    if (found === undefined || over.signal.aborted || lost.signal.aborted) return;
    why = because(found, say`this run stops`);
    lost.abort();
  };
  const keep = async (): Promise<void> => {
    while (!lost.signal.aborted) {
      await clock.sleep(RENEWAL_MS, over.signal);
      judge(await renew());
    }
  };
  const kept = keep().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  return ok({
    lost: lost.signal,
    problem: () => why,
    reach() {
      if (ofCluster.isHeld() || reaching || over.signal.aborted) return;
      reaching = true;
      void tend()
        .then(judge)
        .finally(() => (reaching = false));
    },
    async release() {
      over.abort();
      await kept;
      await work;
      await releaseAll();
    },
  });
}

function because(found: Problem, so: string): Problem {
  return found.code === 'cluster-in-use' ? { ...found, why: `${found.why}; ${so}.` } : found;
}
