import { later, say } from '../../base/say';
import { listed } from '../../base/words';
import { filledBy, roomSteps, roomWords } from '../../hostChecks/reading/etcdRoom';
import { etcdAlarm } from '../etcdAlarm';
import type { LiveProblem } from './liveProblem';

// What holds for the cluster as a whole.

export const quorumLost: LiveProblem = {
  id: 'quorum-lost',
  severity: 'error',
  title: later`etcd has lost its quorum`,
  rationale: `Without a majority of its members etcd refuses every write: the API does not answer, and what runs goes on running. Bring a server back; when that is impossible, *Restore from Snapshot* begins anew from one survivor.`,
  judge: ({ health: { etcd }, api, liveness }) =>
    etcd === undefined || etcd.alive >= etcd.needed || (api === 'silent' && liveness === undefined)
      ? []
      : [
          {
            at: { part: 'datastore' },
            message: say`etcd has lost its quorum: ${etcd.alive} of ${etcd.voters} members answer, ${etcd.needed} are needed. Nothing can be written until another server is back.`,
          },
        ],
};

export const quorumAtRisk: LiveProblem = {
  id: 'quorum-at-risk',
  severity: 'warning',
  title: later`One more failure takes the quorum of etcd`,
  rationale: `A member is missing and no other one may follow. No operation takes a server down meanwhile.`,
  judge: ({ health: { etcd }, api }) =>
    etcd === undefined || api === 'silent' || etcd.alive === etcd.voters || etcd.alive !== etcd.needed
      ? []
      : [
          {
            at: { part: 'datastore' },
            message: say`etcd keeps its quorum with ${etcd.alive} of ${etcd.voters} members: one more failure stops the API.`,
          },
        ],
};

export const etcdAlarmRaised: LiveProblem = {
  id: 'etcd-alarm',
  severity: 'error',
  title: later`etcd has raised an alarm`,
  rationale: `At its quota, 2 GiB unless \`quota-backend-bytes\` says otherwise, etcd raises NOSPACE for the whole cluster and refuses every write: nodes turn NotReady, and servers that restart do not come up. Known from the last look at the machines: *Check Hosts*, *Preview Plan* or the end of a run. Delete what fills it, or write \`etcd-arg: [quota-backend-bytes=8589934592]\` under \`servers.config\` and *Provision*: one server after another starts with it, and the alarm is cleared when all of them have. A higher quota on one server alone does not help. \`CORRUPT\` says that members have different content: *Restore from Snapshot*.`,
  judge: ({ etcd, timeOf }) => {
    const alarm = etcdAlarm(etcd);
    if (etcd === undefined || alarm === undefined) return [];
    const { names, machine, load } = alarm;
    const told = say`etcd has raised the alarm ${listed(names)} (seen at ${timeOf(etcd.readAt)})`;
    return [
      {
        at: { part: 'datastore' },
        message: names.includes('NOSPACE')
          ? say`${told}: it refuses every write. On ${machine} it takes ${roomWords(load)}${filledBy(load)}. ${roomSteps().join(' ')}`
          : say`${told}. "Check Hosts" says more.`,
      },
    ];
  },
};

export const apiSilent: LiveProblem = {
  id: 'api-silent',
  severity: 'error',
  title: later`The API does not answer`,
  rationale: `Neither through the fixed address nor through a server. *Diagnose* looks from here and from the machines and says where the way ends.`,
  judge: ({ api, lastSeen }) =>
    api !== 'silent'
      ? []
      : [
          {
            at: { part: 'loadBalancer' },
            message: say`The API does not answer${lastSeen === undefined ? '' : say`; it did last at ${lastSeen}`}. "Diagnose" says where the way to it ends.`,
          },
        ],
};

export const fixedAddressSilent: LiveProblem = {
  id: 'fixed-address-silent',
  severity: 'warning',
  title: later`The fixed address does not answer`,
  rationale: `The cluster is reached through a server, and everybody who has only the fixed address, agents that join and kubectl, is not served. *Diagnose* says why.`,
  judge: ({ api, cluster: { loadBalancer } }) =>
    api !== 'around' || loadBalancer === undefined
      ? []
      : [
          {
            at: { part: 'loadBalancer' },
            message: say`${loadBalancer.address}:${loadBalancer.port} does not answer, and the cluster is reached over SSH. "Diagnose" says why.`,
          },
        ],
};

/** From this age on the newest snapshot is told. */
const OLD_MS = 2 * 86_400_000;

export const snapshotOld: LiveProblem = {
  id: 'snapshot-old',
  severity: 'warning',
  title: later`No snapshot of etcd for two days`,
  rationale: `K3s saves one every twelve hours unless \`etcd-disable-snapshots\` or another schedule is set. Read when the group *Snapshots* of the tree is opened. *Take Snapshot* saves one now.`,
  judge: ({ snapshots, cluster, now, timeOf }) => {
    if (snapshots === undefined || cluster.datastore.type !== 'embedded-etcd') return [];
    const newest = Math.max(0, ...snapshots.map(({ created }) => created));
    if (now - newest < OLD_MS) return [];
    const days = Math.floor((now - newest) / 86_400_000);
    const message =
      newest === 0
        ? say`There is no snapshot of etcd: what is lost now is lost.`
        : say`The newest snapshot of etcd is ${days} days old (${timeOf(newest)}).`;
    return [{ at: { part: 'datastore' }, message: say`${message} "Take Snapshot" saves one.` }];
  },
};
