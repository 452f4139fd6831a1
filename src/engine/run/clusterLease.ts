import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import type { Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import {
  CLUSTER_LEASE,
  readClusterLease,
  writeClusterLease,
  type ClusterLease as LeaseObject,
  type ClusterLeaseView,
} from '../../core/remote/clusterLease';
import type { RemoteCommand } from '../../core/remote/remoteCommand';
import { target } from '../hosts/targets';
import type { RemoteOutcome } from '../ports';
import { inUse, isOver, LEASE_SECONDS, nameOf, type LeaseDependencies } from './leaseHolder';

/** Clocks of servers differ by less than this: a lease that was not renewed for so long is nobody's. */
const FAR_MS = 600_000;

/** Somebody may be faster between reading and writing; then it is read again, at most so often at one time. */
const ROUNDS = 3;

/**
 * What an attempt to take or renew the lease came to. `silent`: no server answers. `watched`: it is somebody else's who
 * seems to be gone, which only time can tell.
 */
export type LeaseAttempt =
  { readonly kind: 'held' | 'silent' } | { readonly kind: 'watched' | 'theirs'; readonly why: Problem };

/**
 * The lease in the cluster: it keeps apart operators whose files name different servers of one cluster. Times in it are
 * never compared with the clock of this machine, and a holder is gone only when the lease was not renewed while it was
 * watched, as in https://pkg.go.dev/k8s.io/client-go/tools/leaderelection.
 */
export interface ClusterLease {
  isHeld(): boolean;
  attempt(): Promise<LeaseAttempt>;
  release(): Promise<void>;
}

type Seen = NonNullable<ClusterLeaseView['lease']>;

/** A lease that is not taken yet, asked for through the first of these servers that answers. */
export function clusterLease(servers: readonly ClusterNode[], deps: LeaseDependencies): ClusterLease {
  const { hosts, clock, operator } = deps;
  const who = nameOf(operator);
  const own = `${who}, run ${deps.run}`;
  let asked = [...servers];
  let held: Seen | undefined;
  /** The connection broke while it was written. */
  let perhaps = false;
  /** The server's clock is so far ahead of this machine's. */
  let ahead = 0;
  /** When it was written first, by the clock of the server. */
  let began: number | undefined;
  /** Somebody else's lease as it was seen first. */
  let watched: { readonly version: string; readonly from: number } | undefined;

  /** Servers that do not answer are asked last the next time. */
  const ask = async <T>(command: RemoteCommand<T>): Promise<RemoteOutcome<T> | undefined> => {
    for (const server of [...asked]) {
      const outcome = await hosts.run(target(server), command);
      if (outcome.kind === 'done') return outcome;
      asked = [...asked.filter((one) => one !== server), server];
      // A lease that may have been written is not written again before it has been read.
      if (outcome.kind === 'unknown' && command.stdin !== undefined) return outcome;
    }
    return undefined;
  };

  const write = async (lease: LeaseObject, over: string | undefined): Promise<'written' | 'changed' | 'silent'> => {
    const outcome = await ask(writeClusterLease(lease, over));
    perhaps ||= outcome?.kind === 'unknown';
    if (outcome?.kind !== 'done') return 'silent';
    held = outcome.value === undefined ? undefined : { ...lease, version: outcome.value };
    began ??= held?.renewed;
    return held === undefined ? 'changed' : 'written';
  };

  const renewed = (lease: LeaseObject): LeaseObject => ({
    ...lease,
    holder: own,
    renewed: clock.now() + ahead,
    seconds: LEASE_SECONDS,
  });

  const look = async (): Promise<ClusterLeaseView | undefined> => {
    const outcome = await ask(readClusterLease());
    if (outcome?.kind !== 'done') return undefined;
    ahead = outcome.value.now - clock.now();
    return outcome.value;
  };

  /** Whose it is, if it may not be taken. */
  const holderOf = (lease: Seen, now: number): LeaseAttempt | undefined => {
    const [, name = lease.holder] = /^(.*, process \d+), run /.exec(lease.holder) ?? [];
    if (lease.holder === '' || lease.holder === own || isOver(name, operator)) return undefined;
    // It has come out of a snapshot: whoever saved that had it then.
    if (deps.turnsBack === true && began !== undefined && lease.renewed < began) return undefined;
    const age = now - lease.renewed;
    if (age > FAR_MS) return undefined;
    if (watched?.version !== lease.version) watched = { version: lease.version, from: clock.now() };
    const lasts = Math.min((lease.seconds || LEASE_SECONDS) * 1000, FAR_MS);
    if (clock.now() - watched.from >= lasts) return undefined;
    const { namespace, name: object } = CLUSTER_LEASE;
    const since = duration(now - lease.since);
    const why = inUse(name, say`the lease of the cluster itself (${object} in ${namespace}) since ${since}`);
    const through = asked[0] === undefined ? {} : { host: asked[0].id };
    return { kind: Math.abs(age) < lasts ? 'theirs' : 'watched', why: { ...why, ...through } };
  };

  const attempt = async (): Promise<LeaseAttempt> => {
    if (held !== undefined) {
      const end = await write(renewed(held), held.version);
      if (end !== 'changed') return { kind: end === 'written' ? 'held' : 'silent' };
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const view = await look();
      if (view === undefined) return { kind: 'silent' };
      const { lease, now } = view;
      const other = lease === undefined ? undefined : holderOf(lease, now);
      if (other !== undefined) return other;
      const since = lease?.holder === own ? lease.since : now;
      const end = await write(renewed({ holder: own, since, renewed: now, seconds: LEASE_SECONDS }), lease?.version);
      if (end !== 'changed') return { kind: end === 'written' ? 'held' : 'silent' };
    }
    return { kind: 'silent' };
  };

  return {
    isHeld: () => held !== undefined,
    attempt,
    async release() {
      // What stands there now may be of the past, too, and nobody would ever give that back.
      if (deps.turnsBack === true) await attempt();
      for (let round = 0; round < ROUNDS && (held !== undefined || perhaps); round += 1) {
        const view = held === undefined ? await look() : undefined;
        const lease = held ?? view?.lease;
        if (lease?.holder !== own) return;
        // As client-go gives it back: without a holder, and so short that nobody waits for it.
        if ((await write({ ...lease, holder: '', seconds: 1 }, lease.version)) !== 'changed') return;
      }
    },
  };
}
