import type { KnownCause } from './knownCause';

const ETCD_DATA = '/var/lib/rancher/k3s/server/db/etcd';

/** Embedded etcd: members, learners, quorum, data of other times. */
export const ETCD_CAUSES: readonly KnownCause[] = [
  {
    id: 'etcd-removed-while-stopped',
    says: 'the member has been permanently removed from the cluster',
    pattern: /permanently removed from the cluster|data-dir used by this member must be removed/,
    means: 'its etcd member was removed from the cluster, and its old data keep it from joining again',
    advice: [
      `Stop K3s on this host, move ${ETCD_DATA} away (db/snapshots may stay), and run again: it joins as a new member.`,
    ],
    cures: 'never',
  },
  {
    id: 'etcd-removed-while-running',
    says: 'This node has been removed from the cluster',
    means: 'its etcd member was removed while it ran',
    advice: ['Restart K3s on this host if it is to join again; else stop it and uninstall K3s there.'],
    cures: 'perhaps',
  },
  {
    id: 'etcd-duplicate-name',
    says: 'duplicate node name found',
    means: 'etcd has a member of this node name already: the server was reinstalled, or another server has its name',
    advice: [
      'If this server was reinstalled, delete its old Node (kubectl delete node <name>; the etcd member goes with it) and check the list of members before it starts again.',
      'If two servers have one name, give this one a node-name of its own.',
    ],
    cures: 'never',
  },
  {
    id: 'etcd-not-a-member',
    says: 'not a member of the etcd cluster',
    means:
      'its address is not that of its etcd member: the address of the host has changed, or its data are of another time',
    advice: [
      `Give the host its old address back (node-ip), or remove its Node, move ${ETCD_DATA} away and run again: it joins as a new member.`,
      'If it is the only server, start it once with --cluster-reset after a change of its address.',
    ],
    cures: 'never',
  },
  {
    id: 'etcd-zombie-members',
    says: 'failed to verify member list',
    means: 'etcd 3.6 found members in its old data that had been removed',
    advice: [
      'Go back to the K3s release before, upgrade to its newest patch release, let it run for some minutes, and upgrade again: https://etcd.io/blog/2025/zombie_members_upgrade/',
    ],
    cures: 'never',
  },
  {
    id: 'etcd-downgrade',
    says: 'invalid downgrade; server version is lower than determined cluster version',
    means: 'its etcd is older than the data of the cluster',
    advice: [
      'Install a release of K3s with the newer etcd again; an older one needs a snapshot from before the upgrade.',
    ],
    cures: 'never',
  },
  {
    id: 'etcd-disabled',
    says: 'etcd disabled',
    pattern: /\betcd (?:datastore )?disabled$/,
    means: 'the cluster that it is to join does not keep its data in embedded etcd',
    advice: [
      'Move the first server from SQLite to etcd (datastore.type: embedded-etcd, cluster-init) before others join it, or use one external database for all servers.',
    ],
    cures: 'never',
  },
  {
    id: 'etcd-tombstone',
    says: 'tombstone file has been detected but --server is empty',
    means: 'it was removed from its cluster and has no server to join',
    advice: ['Set the server that it is to join, or move /var/lib/rancher/k3s/server/db away to begin a new cluster.'],
    cures: 'never',
  },
  {
    id: 'etcd-learner-busy',
    says: 'too many learner members in cluster',
    pattern: /too many learner members|Waiting for other members to finish joining etcd cluster/,
    means: 'another server is still joining etcd; this one waits for its turn',
    advice: [
      'Wait: K3s takes servers into etcd one after the other. If no other server is joining, remove the learner that was left behind.',
    ],
    cures: 'itself',
  },
  {
    id: 'etcd-unhealthy',
    says: 'etcdserver: unhealthy cluster',
    means: 'etcd takes no new member while one of its members does not answer',
    advice: [
      'Bring the other servers up; delete the Node of one that is gone for good, so that its etcd member goes, too.',
      'Check that the servers reach one another on TCP 2379 and 2380.',
    ],
    cures: 'itself',
    symptom: true,
  },
  {
    id: 'etcd-join-timeout',
    says: 'etcd cluster join failed: context deadline exceeded',
    means: 'it was added to etcd but does not reach the other members',
    advice: [
      'Open TCP 2379 and 2380 between all servers, and check that node-ip of each is an address that the others reach.',
    ],
    cures: 'perhaps',
    symptom: true,
  },
  {
    id: 'etcd-cluster-id',
    says: 'request sent was ignored by remote peer due to cluster ID mismatch',
    pattern: /cluster ID mismatch/,
    means: 'another server belongs to another etcd cluster now: one of them was restored or started anew alone',
    advice: [
      `Decide which server holds the right data. On each of the others stop K3s, save db/snapshots, move ${ETCD_DATA} away and start it again.`,
    ],
    cures: 'never',
  },
  {
    id: 'leader-lost',
    says: 'leaderelection lost',
    means:
      'it could not write to its datastore in time: etcd has lost its quorum, or the disk or the database is too slow',
    advice: [
      'Bring the other servers up; if they run, look at the disks of the servers and at the load of the database.',
    ],
    cures: 'itself',
    symptom: true,
  },
  {
    id: 'etcd-no-answer',
    says: 'Failed to check local etcd status for learner management',
    means: 'its etcd has no quorum',
    advice: [
      'Bring the other servers up: more than half of the etcd members must run and reach one another on TCP 2380.',
    ],
    cures: 'itself',
    symptom: true,
    times: 2,
  },
];
