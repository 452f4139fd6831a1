import { createHash, randomBytes } from 'node:crypto';
import type { PracticeHost } from '../machine/host';

/** A member of an embedded etcd cluster. It stays a member (and counts for quorum) while its host is down. */
export interface EtcdMember {
  /** Decimal digits of 64 bits. */
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

/** A member of its own; the first one of a cluster has the same id whenever it is founded at the same address. */
export function newMember(nodeName: string, host: PracticeHost, learner: boolean): EtcdMember {
  return {
    id: learner ? decimal(randomBytes(8)) : addressId('member', host),
    name: memberName(nodeName),
    nodeName,
    host,
    learner,
    online: false,
    inSync: !learner,
  };
}

/** A new name at every join: the node's, and eight hexadecimal digits. */
export function memberName(nodeName: string): string {
  return `${nodeName}-${randomBytes(4).toString('hex')}`;
}

/** The id that etcd makes of its first member's address: no identity, because a reinstalled cluster has it again. */
export function addressId(what: 'cluster' | 'member', host: PracticeHost): string {
  return decimal(createHash('sha256').update(`${what} ${host.addresses[0]}`).digest().subarray(0, 8));
}

function decimal(bytes: Buffer): string {
  return bytes.readBigUInt64BE().toString();
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
