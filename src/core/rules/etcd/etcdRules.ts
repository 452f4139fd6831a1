import type { Rule } from '../rule';
import { clusterResetPersisted } from './clusterResetPersisted';
import { disableEtcdFirst } from './disableEtcdFirst';
import { etcdAcrossNetworks } from './etcdAcrossNetworks';
import { etcdEvenMembers } from './etcdEvenMembers';
import { etcdManyMembers } from './etcdManyMembers';
import { etcdTwoServers } from './etcdTwoServers';
import { rolesNoControlPlane } from './rolesNoControlPlane';
import { rolesWithExternalDb } from './rolesWithExternalDb';
import { severalClusterInit } from './severalClusterInit';

/** Rules about embedded etcd: members, quorum and server roles, the most valuable first. */
export const ETCD_RULES: readonly Rule[] = [
  etcdTwoServers,
  disableEtcdFirst,
  rolesWithExternalDb,
  rolesNoControlPlane,
  etcdAcrossNetworks,
  clusterResetPersisted,
  etcdEvenMembers,
  severalClusterInit,
  etcdManyMembers,
];
