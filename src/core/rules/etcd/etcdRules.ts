import type { Rule } from '../rule';
import { etcdEvenMembers } from './etcdEvenMembers';
import { etcdTwoServers } from './etcdTwoServers';

/** Rules about embedded etcd: members, quorum and server roles, the most valuable first. */
export const ETCD_RULES: readonly Rule[] = [
  etcdTwoServers,
  etcdEvenMembers,
];
