import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { count, listed } from '../../core/base/words';
import { matchNodes } from '../../core/health/matchNodes';
import { shellWord } from '../../core/remote/shell';
import { ghostNotes } from './memberGaps';
import { nodeNameOf, reachedNodes, type Situation } from './situation';

/** Machines of the file that are not what the file takes them for: one machine twice, two clusters, other names; equal names are a check of hosts. */
export function identityProblems(situation: Situation): Problem[] {
  return [...unfinishedRestoreProblems(situation), ...machineProblems(situation), ...renamedProblems(situation)];
}

/** One machine twice, or machines of two clusters. */
export function machineProblems(situation: Situation): Problem[] {
  return [...twinProblems(situation), ...clusterProblems(situation)];
}

/** A restore that was cut off: what starts a server now could make a second cluster of the old data. */
function unfinishedRestoreProblems({ cluster, facts }: Situation): Problem[] {
  const begun = cluster.servers.filter(({ id }) => facts.get(id)?.restore !== undefined);
  const [first] = begun;
  if (first === undefined) return [];
  return [
    problem(
      'restore-unfinished',
      say`A restore of this cluster has begun on ${listed(begun.map(({ id }) => id))} and is not over`,
      {
        host: first.id,
        why: say`Servers with the old data would be a cluster of their own beside the restored one.`,
        nextSteps: [say`Restore from Snapshot, or "k3s-ha snapshot restore", goes on where it stopped; do that first.`],
      },
    ),
  ];
}

/** Containers on one machine share the boot id, cloned machines share names: only all three together prove it. */
function twinProblems(situation: Situation): Problem[] {
  const machines = new Map<string, string>();
  return reachedNodes(situation).flatMap(({ id }) => {
    const seen = situation.facts.get(id);
    if (seen === undefined || seen.bootId === '') return [];
    const machine = [seen.bootId, seen.hostname, ...seen.addresses].join(' ');
    const twin = machines.get(machine);
    machines.set(machine, id);
    if (twin === undefined) return [];
    const nextSteps = [say`Correct the address of one of them.`];
    return [problem('same-machine', say`${twin} and ${id} are the same machine`, { host: id, nextSteps })];
  });
}

/** The hash of the authority is the identity of a cluster; etcd's cluster id is none, reinstalled clusters share it. */
function clusterProblems(situation: Situation): Problem[] {
  const nodes = reachedNodes(situation).filter(({ id }) => situation.facts.get(id)?.caHash !== undefined);
  const clusters = [...groupBy(nodes, ({ id }) => situation.facts.get(id)?.caHash ?? '')];
  if (clusters.length < 2) return [];
  const words = clusters.map(([hash, of]) => say`${listed(of.map(({ id }) => id))} (authority ${hash.slice(0, 12)})`);
  return [
    problem(
      'several-clusters',
      say`The machines of this file belong to ${count(clusters.length, 'cluster')}: ${words.join('; ')}`,
      {
        why: say`Each cluster has a certificate authority of its own, and theirs differ.`,
        nextSteps: [
          say`Look for a wrong address in the file.`,
          say`Write a file of its own for each cluster, or uninstall K3s on the machines that are to join the other one; what runs there is lost.`,
        ],
      },
    ),
  ];
}

/** A server with etcd data under another node name: it would leave a dead member and a dead Node behind. */
function renamedProblems({ cluster, facts }: Situation): Problem[] {
  return reachedNodes({ cluster, facts }).flatMap((node) => {
    const seen = facts.get(node.id);
    const was = seen?.etcdData === true ? seen.etcdName?.replace(/-[0-9a-f]{8}$/, '') : undefined;
    const name = nodeNameOf(node, seen);
    if (was === undefined || was === '' || name === undefined || was === name) return [];
    return [
      problem('node-renamed', say`${node.id} is called "${was}" in the cluster, and would be called "${name}"`, {
        host: node.id,
        why: say`A new name is a new node: the old one would stay in the cluster and in etcd, where it counts for the quorum.`,
        nextSteps: [
          say`Keep the name: set "name: ${was}" for it in the file.`,
          say`To rename it, remove the server from the cluster first, then add it under its new name.`,
        ],
      }),
    ];
  });
}

/** Nodes and members that the cluster has and the file does not. */
export function strangerNotes(situation: Situation): string[] {
  const { cluster, live } = situation;
  if (live === undefined) return [];
  const { undeclared } = matchNodes(cluster, live.nodes);
  return [
    ...undeclared.map(
      ({ name, etcd }) =>
        say`${name} is in the cluster and not in the file; it is left alone${etcd === 'voter' ? say`, and it counts for the quorum of etcd` : ''}. Remove Node takes it out ("k3s-ha remove FILE ${shellWord(name)}").`,
    ),
    ...ghostNotes(situation),
  ];
}
