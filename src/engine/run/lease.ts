import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { duration } from '../../core/base/duration';
import type { ClusterNode } from '../../core/cluster/cluster';
import { releaseLease, takeLease } from '../../core/remote/lease';
import { target } from '../hosts/targets';
import type { Clock, Operator, RemoteHosts } from '../ports';

/** A lease ends by itself after this time, so that a machine that was switched off blocks nobody for long. */
const LEASE_SECONDS = 90;
const RENEWAL_MS = 20_000;

/** The right of one run to change the servers of a cluster. */
export interface Lease {
  /** Aborted when somebody else has the lease of a server: nothing may be changed any more. */
  readonly lost: AbortSignal;
  /** Why it is lost. */
  problem(): Problem | undefined;
  release(): Promise<void>;
}

export interface LeaseDependencies {
  readonly hosts: RemoteHosts;
  readonly clock: Clock;
  /** The run, unique. */
  readonly run: string;
  readonly operator: Operator;
}

/**
 * Takes the lease on every one of these servers, in an order that is the same for everybody, and renews it until it is
 * released. A problem names the host and whose it is; nothing is held then.
 */
export async function acquireLease(
  servers: readonly ClusterNode[],
  deps: LeaseDependencies,
): Promise<Result<Lease, Problem>> {
  const { hosts, run, operator, clock } = deps;
  const who = `${operator.name}, process ${operator.process}`;
  const ordered = [...servers].sort((a, b) => (a.address < b.address ? -1 : 1));
  const taken: ClusterNode[] = [];
  /** Servers that may have given the lease before the connection broke. */
  const perhaps: ClusterNode[] = [];
  let silent: Problem | undefined;
  const release = async (): Promise<void> => {
    await Promise.all([...taken, ...perhaps].map((server) => hosts.run(target(server), releaseLease(run))));
  };
  for (const server of ordered) {
    let answer = await hosts.run(target(server), takeLease(run, who, LEASE_SECONDS));
    if (answer.kind === 'done' && !answer.value.taken && isOver(answer.value.who, operator)) {
      answer = await hosts.run(target(server), takeLease(run, who, LEASE_SECONDS, answer.value.run));
    }
    if (answer.kind === 'done' && answer.value.taken) {
      taken.push(server);
      continue;
    }
    // A server that does not answer now cannot be changed either; whoever reaches it reaches the others.
    if (answer.kind !== 'done') {
      silent = answer.problem;
      if (answer.kind === 'unknown') perhaps.push(server);
      continue;
    }
    await release();
    return err(heldBy(server, answer.value.who, answer.value.since, clock.now()));
  }
  if (taken.length === 0 && silent !== undefined) {
    await release();
    return err(silent);
  }
  const over = new AbortController();
  const lost = new AbortController();
  let why: Problem | undefined;
  const renew = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(RENEWAL_MS, over.signal);
      for (const server of taken) {
        const answer = await hosts.run(target(server), takeLease(run, who, LEASE_SECONDS));
        // A server that is being restarted or does not answer says nothing about others.
        if (over.signal.aborted || answer.kind !== 'done' || answer.value.taken) continue;
        why = heldBy(server, answer.value.who, answer.value.since, clock.now());
        lost.abort();
        return;
      }
    }
  };
  const renewal = renew().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  return ok({
    lost: lost.signal,
    problem: () => why,
    async release() {
      over.abort();
      await renewal;
      await release();
    },
  });
}

/** Whether a lease is that of a process of this very machine that does not run any more. */
function isOver(who: string, { name, isRunning }: Operator): boolean {
  const [, holder, process] = /^(.*), process (\d+)$/.exec(who) ?? [];
  return holder === name && process !== undefined && !isRunning(Number(process));
}

function heldBy(server: ClusterNode, who: string, since: number, now: number): Problem {
  return problem('cluster-in-use', `${who === '' ? 'Somebody else' : who} is working on this cluster`, {
    host: server.id,
    why: `Their run holds the lease of ${server.id} since ${duration(now - since * 1000)}; nothing was changed.`,
    nextSteps: [
      'Wait until that run is over, then run this again.',
      `If it was cut off, its lease ends by itself within ${LEASE_SECONDS} s.`,
    ],
  });
}
