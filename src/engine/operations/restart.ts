import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { nodesOf, unitOf } from '../../core/cluster/roles';
import type { MachineId } from '../../core/plan/step';
import { change, changeAgents } from '../planning/changeSteps';
import { hookNotes } from '../planning/hooks';
import { identityProblems } from '../planning/identity';
import { nodesProof } from '../planning/nodesProof';
import type { Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import type { Operation } from './operation';

/** Whose K3s is to be restarted. */
export interface RestartIntent {
  /** Machines of the file; none stands for all of them. */
  readonly nodes: readonly MachineId[];
  /** The run of K3s on each that is to end: what runs in another one has been restarted. */
  readonly runs?: Readonly<Record<MachineId, string>>;
}

/**
 * Restarts K3s as it stands on its machines: one server after another, out of the load balancer meanwhile, each proved
 * before the next; then one agent, then the others a few at a time.
 */
export const restart: Operation<RestartIntent> = {
  id: 'restart',
  title: 'Restart K3s',
  asks: 'plan',
  then: 'refresh',
  bind: (situation, intent) => ({
    ...intent,
    runs:
      intent.runs ??
      Object.fromEntries(
        wantedNodes(situation, intent)
          .filter((node) => isRunning(node, situation.facts))
          .map((node) => [node.id, runOf(node, situation)]),
      ),
  }),
  plan(situation, intent, draft) {
    draft.refuse(...unknownProblems(situation, intent), ...identityProblems(situation));
    if (draft.problems.length > 0) return;
    const nodes = wantedNodes(situation, intent);
    const off = nodes.filter((node) => !isRunning(node, situation.facts)).map(({ id }) => id);
    if (off.length > 0) draft.note(`Left out: K3s does not run on ${listed(off)}, as far as can be seen.`);
    const due = nodes.filter(
      (node) =>
        isRunning(node, situation.facts) &&
        (intent.runs === undefined || intent.runs[node.id] === runOf(node, situation)),
    );
    const wanted = { pending: 'you asked for it' };
    let previous: readonly string[] = [];
    for (const server of due.filter(({ role }) => role === 'server'))
      previous = change(draft, situation, server, wanted, previous);
    const agents = due.filter(({ role }) => role === 'agent');
    const last = [...previous, ...changeAgents(draft, situation, agents, () => wanted, previous)];
    if (draft.steps.length > 0) for (const step of nodesProof(situation)) draft.add(step, last);
    draft.note(...hookNotes(situation, draft.steps));
  },
};

/** The machines that are meant, in the order of the file. */
function wantedNodes({ cluster }: Situation, { nodes }: RestartIntent): readonly ClusterNode[] {
  return nodesOf(cluster).filter(({ id }) => nodes.length === 0 || nodes.includes(id));
}

function runOf(node: ClusterNode, { facts }: Situation): string {
  return facts.get(node.id)?.units[unitOf(node)]?.invocation ?? '';
}

/** Machines that were named and cannot be restarted. */
function unknownProblems({ cluster, facts, unreachable }: Situation, { nodes, runs = {} }: RestartIntent): Problem[] {
  const known = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  return [...new Set([...nodes, ...Object.keys(runs)])].flatMap((id): Problem[] => {
    const node = known.get(id);
    if (node === undefined)
      return [
        problem('node-unknown', `The cluster file has no node ${id}`, {
          nextSteps: [`Its nodes are ${listed([...known.keys()])}.`],
        }),
      ];
    const silent = unreachable.get(id);
    if (silent !== undefined) return [silent];
    if (isRunning(node, facts)) return [];
    return [
      problem('node-not-running', `K3s does not run on ${id}, so it cannot be restarted`, {
        host: id,
        nextSteps: ['Provision the cluster: that installs or starts what is missing, and says why it does not run.'],
      }),
    ];
  });
}
