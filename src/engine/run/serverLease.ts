import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { ClusterNode } from '../../core/cluster/cluster';
import { releaseLease, takeLease } from '../../core/remote/lease';
import { target } from '../hosts/targets';
import { inUse, isOver, LEASE_SECONDS, nameOf, type LeaseDependencies } from './leaseHolder';

/** The lease of every server that gave it: a file on its disk. */
export interface ServerLease {
  readonly servers: readonly ClusterNode[];
  /** Why it is lost. */
  renew(): Promise<Problem | undefined>;
  release(): Promise<void>;
}

/**
 * Takes the lease on every one of these servers, in an order that is the same for everybody. A problem names the host and
 * whose it is; nothing is held then.
 */
export async function takeServerLease(
  servers: readonly ClusterNode[],
  deps: LeaseDependencies,
): Promise<Result<ServerLease, Problem>> {
  const { hosts, run, operator, clock } = deps;
  const who = nameOf(operator);
  const ordered = [...servers].sort((a, b) => (a.address < b.address ? -1 : 1));
  const taken: ClusterNode[] = [];
  /** Servers that may have given the lease before the connection broke. */
  const perhaps: ClusterNode[] = [];
  let silent: Problem | undefined;
  const release = async (): Promise<void> => {
    await Promise.all([...taken, ...perhaps].map((server) => hosts.run(target(server), releaseLease(run))));
  };
  const heldBy = (server: ClusterNode, holder: string, since: number): Problem => {
    const held = say`the lease of ${server.id} since ${duration(clock.now() - since * 1000)}`;
    return { ...inUse(holder, held), host: server.id };
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
    return err(heldBy(server, answer.value.who, answer.value.since));
  }
  if (taken.length === 0 && silent !== undefined) {
    await release();
    return err(silent);
  }
  return ok({
    servers: taken,
    async renew() {
      for (const server of taken) {
        const answer = await hosts.run(target(server), takeLease(run, who, LEASE_SECONDS));
        // A server that is being restarted or does not answer says nothing about others.
        if (answer.kind === 'done' && !answer.value.taken) return heldBy(server, answer.value.who, answer.value.since);
      }
      return undefined;
    },
    release,
  });
}
