import { later, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { machinesOf, nodesOf, servesApi } from '../../core/cluster/roles';
import { matchNodes } from '../../core/health/matchNodes';
import type { Draft } from '../../core/plan/draft';
import { surplusUnits } from '../planning/balancerChange';
import { hookNotes, hooksAfterRemoval, hooksBeforeRemoval, owesRemovalHooks } from '../planning/hooks';
import { lastSnapshot, type KeepIntent } from '../planning/keptSnapshot';
import { isInstalled } from '../planning/leaving';
import type { Situation } from '../planning/situation';
import { clusterCaHash } from '../planning/starts';
import { isSilent } from '../planning/unreachable';
import { releaseAddress } from '../steps/releaseAddress';
import { removeBalancer } from '../steps/removeBalancer';
import { stopK3s } from '../steps/stopK3s';
import { uninstallK3s } from '../steps/uninstallK3s';
import type { Operation } from './operation';

/** What is wanted beside that nothing is left. */
export interface ResetIntent extends KeepIntent {
  /** Afterwards the person's kubeconfig has no access to it any more. */
  readonly forget?: true;
}

/**
 * Takes back everything that was installed on the machines of the file: agents stop first, then servers, each with its pods;
 * then K3s goes from all of them at the same time, and the load balancer last. The file stays, and can be provisioned anew.
 */
export const resetCluster: Operation<ResetIntent> = {
  id: 'reset-cluster',
  title: later`Reset Cluster…`,
  asks: 'plan-and-name',
  then: 'refresh',
  outcome: (cluster) => ({ ...cluster, servers: [], agents: [] }),
  plan(situation, intent, draft) {
    draft.refuse(...resetProblems(situation));
    if (draft.problems.length > 0) return;
    const { cluster, facts } = situation;
    const keepsProgram = cluster.k3s.install.method === 'preinstalled';
    const there = (node: ClusterNode): boolean => {
      const seen = facts.get(node.id);
      return seen !== undefined && isInstalled(seen, keepsProgram);
    };
    const why = say`nothing of the cluster is to be left`;
    const kept = nodesOf(cluster).some(there) ? keepFirst(draft, situation, intent) : [];
    const agents = cluster.agents.filter(there).map((node) => {
      hooksBeforeRemoval(draft, situation, node, kept);
      return draft.add(stopK3s.step(node, { role: 'agent' }, why), kept);
    });
    const servers = cluster.servers.filter(there).map((node) => {
      hooksBeforeRemoval(draft, situation, node, kept);
      return draft.add(stopK3s.step(node, { role: 'server' }, why), [...kept, ...agents]);
    });
    const stopped = [...agents, ...servers];
    const ends = nodesOf(cluster).flatMap((node) => {
      if (!there(node)) return owesRemovalHooks(situation, node) ? hooksAfterRemoval(draft, situation, node, []) : [];
      const address = cluster.loadBalancer?.type === 'kube-vip' ? cluster.loadBalancer.address : undefined;
      if (address !== undefined && node.role === 'server' && servesApi(cluster, node))
        draft.add(releaseAddress.step(node, { address }, say`containers of kube-vip outlive K3s`), stopped);
      const gone = draft.add(uninstallK3s.step(node, { keepsProgram }, why), stopped);
      return hooksAfterRemoval(draft, situation, node, [gone]);
    });
    removeBalancers(draft, situation, ends);
    draft.note(...resetNotes(situation, intent), ...hookNotes(situation, draft.steps));
  },
};

/** The snapshot that is to be here before anything goes; ids of what to wait for. */
function keepFirst(draft: Draft, situation: Situation, { keep }: KeepIntent): readonly string[] {
  const wanted = keep === undefined ? [] : lastSnapshot(situation, keep);
  if ('code' in wanted) {
    draft.refuse(wanted);
    return [];
  }
  let last: readonly string[] = [];
  for (const step of wanted) last = [draft.add(step, last)];
  return last;
}

function removeBalancers(draft: Draft, { cluster, facts }: Situation, after: readonly string[]): void {
  for (const machine of machinesOf(cluster)) {
    const seen = facts.get(machine.id);
    const units = seen === undefined ? [] : surplusUnits(undefined, seen);
    if (units.length > 0)
      draft.add(removeBalancer.step(machine, { units }, say`nothing stands behind it any more`), after);
  }
}

/** Machines that are none of this cluster's are not touched, and one that refuses the login may be another one. */
function resetProblems({ cluster, facts, unreachable }: Situation): readonly Problem[] {
  const ours = clusterCaHash(cluster, facts);
  return [
    ...[...unreachable.values()].filter((why) => !isSilent(why)),
    ...nodesOf(cluster).flatMap(({ id }) => {
      const hash = facts.get(id)?.caHash;
      if (hash === undefined || ours === undefined || hash === ours) return [];
      return [
        problem('other-cluster', say`${id} belongs to another cluster, so nothing was touched`, {
          host: id,
          why: say`Its certificate authority is ${hash.slice(0, 12)}, that of this cluster ${ours.slice(0, 12)}.`,
          nextSteps: [say`Look for a wrong address in the file, or take the machine out of it.`],
        }),
      ];
    }),
  ];
}

function resetNotes({ cluster, unreachable, live }: Situation, { forget }: ResetIntent): readonly string[] {
  const silent = [...unreachable.keys()];
  const others = live === undefined ? [] : matchNodes(cluster, live.nodes).undeclared.map(({ name }) => name);
  const { datastore } = cluster;
  return [
    say`Everything that runs in the cluster ends, and its objects are gone for good. Volumes of local-path and snapshots of etcd stay on their machines.`,
    ...(forget === undefined
      ? []
      : [
          say`Afterwards the access to it goes from your kubeconfig; other clusters stay, also those of the same name.`,
        ]),
    ...(datastore.type === 'embedded-etcd' || datastore.type === 'sqlite'
      ? []
      : [say`What K3s has written into its datastore stays there: the same file would find it again.`]),
    ...(silent.length === 0
      ? []
      : [
          say`${listed(silent)} ${silent.length === 1 ? 'does' : 'do'} not answer: what is there stays. Run this again when ${silent.length === 1 ? say`it is` : say`they are`} back.`,
        ]),
    ...(others.length === 0
      ? []
      : [
          say`${listed(others)} ${others.length === 1 ? 'is' : 'are'} in the cluster and not in the file: K3s goes on there without a server. Remove ${others.length === 1 ? 'it' : 'them'} first.`,
        ]),
  ];
}
