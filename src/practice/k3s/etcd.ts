import { randomBytes } from 'node:crypto';
import type { PracticeHost } from '../machine/host';

/** A member of an embedded etcd cluster. It stays a member (and counts for quorum) while its host is down. */
export interface EtcdMember {
  readonly id: string;
  /** `<node name>-<8 hex>`, as in server/db/etcd/name. */
  readonly name: string;
  readonly nodeName: string;
  readonly host: PracticeHost;
  learner: boolean;
  /** Its process runs and takes part. */
  online: boolean;
  /** A learner that has received all data may be promoted. */
  inSync: boolean;
}

export function newMember(nodeName: string, host: PracticeHost, learner: boolean): EtcdMember {
  return {
    id: randomBytes(8).toString('hex'),
    name: `${nodeName}-${randomBytes(4).toString('hex')}`,
    nodeName,
    host,
    learner,
    online: false,
    inSync: !learner,
  };
}

/** Voting members that have to agree: floor(n / 2) + 1. */
export function quorum(members: Iterable<EtcdMember>): number {
  return Math.floor([...members].filter((member) => !member.learner).length / 2) + 1;
}

/** Whether `seen` (the members that can be reached from one place) can still decide. */
export function hasQuorum(members: Iterable<EtcdMember>, seen: (member: EtcdMember) => boolean): boolean {
  const all = [...members];
  return all.filter((member) => !member.learner && member.online && seen(member)).length >= quorum(all);
}
