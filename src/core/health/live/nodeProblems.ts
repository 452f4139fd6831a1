import { later, say } from '../../base/say';
import type { DeclaredNodeHealth } from '../clusterHealth';
import { drift } from '../drift';
import type { LiveLook, LiveProblem, LiveReport } from './liveProblem';

// What Kubernetes says of nodes; nothing while it does not answer.

export const nodeNotReady: LiveProblem = {
  id: 'node-not-ready',
  severity: 'warning',
  title: later`A node is not ready`,
  rationale: `It gets no new pods, and its pods leave it after five minutes. *Describe* and *Follow Journal* say more.`,
  judge: (look) =>
    ofNodes(look, ({ node, state, live }) => {
      const own = look.liveness?.machines.get(node.id)?.state;
      if (state === 'ready' || live === undefined || own === 'down' || own === 'taken') return [];
      // What ages in the words of the row is told there.
      const since = live.since === undefined ? '' : say` since ${look.timeOf(live.since)}`;
      return [say`${node.id} is ${live.cause ?? live.reason}${since}.`];
    }),
};

export const nodeAbsent: LiveProblem = {
  id: 'node-absent',
  severity: 'warning',
  title: later`A node of the file is not in the cluster`,
  rationale: `The file has it and the cluster does not. *Provision* takes it in.`,
  judge: (look) =>
    look.health.nodes.some(({ live }) => live !== undefined)
      ? ofNodes(look, ({ node, live }) =>
          live === undefined ? [say`${node.id} is not in the cluster. "Provision" takes it in.`] : [],
        )
      : [],
};

export const nodePressure: LiveProblem = {
  id: 'node-pressure',
  severity: 'warning',
  title: later`A node runs out of memory, disk or processes`,
  rationale: `Its kubelet begins to evict pods. On a server a full disk stops etcd.`,
  judge: (look) =>
    ofNodes(look, ({ node, live }) => (live?.pressures ?? []).map((pressure) => say`On ${node.id} ${pressure}.`)),
};

export const leftCordoned: LiveProblem = {
  id: 'left-cordoned',
  severity: 'info',
  title: later`A run that was cut off has left a node cordoned`,
  rationale: `It gets no new pods. *Uncordon* or the next run lets them in again.`,
  judge: (look) =>
    ofNodes(look, ({ node, live }) =>
      live?.ownCordon === true ? [say`A run has left ${node.id} cordoned: it gets no new pods until "Uncordon".`] : [],
    ),
};

export const etcdMemberUnhealthy: LiveProblem = {
  id: 'etcd-member-unhealthy',
  severity: 'warning',
  title: later`A member of etcd is not well`,
  rationale: `It still counts for the quorum and does not help it. A full datastore, a slow disk or a lost connection to the other members are the usual reasons; *Check Hosts* looks at all three.`,
  judge: (look) =>
    ofNodes(look, ({ node, live }) =>
      live?.etcdFault === undefined ? [] : [say`The etcd member of ${node.id} ${live.etcdFault}.`],
    ),
};

export const certificatesEnding: LiveProblem = {
  id: 'certificates-ending',
  severity: 'warning',
  title: later`Certificates of a machine end soon, or have ended`,
  rationale: `K3s renews them when it starts within 120 days of their end, and at no other time. Known from the last look over SSH. *Renew Certificates* restarts one server after another, then the agents.`,
  judge: ({ certificates }) =>
    [...(certificates ?? [])].flatMap(([machine, { age, words }]): LiveReport[] =>
      age === 'fine'
        ? []
        : [
            {
              at: { machine },
              message: say`On ${machine} ${words}. "Renew Certificates" renews them.`,
              ...(age === 'ended' ? { severity: 'error' as const } : {}),
            },
          ],
    ),
};

export const liveDrift: LiveProblem = {
  id: 'drift',
  severity: 'warning',
  title: later`The cluster is not as the file says`,
  rationale: `Release, role, membership of etcd and nodes that the file does not have are seen by the API; *Show Drift* looks at the machines and sees the rest. *Adopt Changes* takes what runs into the file, *Provision* changes it back. See [Operations](../operations.md#drift).`,
  judge: ({ cluster, health, api }) => {
    if (api === 'silent') return [];
    const { nodes, general } = drift(cluster, health);
    return [
      ...[...nodes].flatMap(([machine, sentences]) =>
        sentences.map((sentence) => ({ at: { machine }, message: `${machine} ${sentence}.` })),
      ),
      ...general.map((sentence) => ({ at: { part: 'servers' as const }, message: `${sentence}.` })),
    ];
  },
};

function ofNodes(
  { health, api }: LiveLook,
  judge: (node: DeclaredNodeHealth) => readonly string[],
): readonly LiveReport[] {
  if (api === 'silent') return [];
  return health.nodes.flatMap((one) => judge(one).map((message) => ({ at: { machine: one.node.id }, message })));
}
