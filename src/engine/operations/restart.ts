import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import type { MachineId } from '../../core/plan/step';
import { change, changeAgents } from '../planning/changeSteps';
import { chosenNodes, chosenProblems } from '../planning/chosenNodes';
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
  title: 'Restart K3s…',
  asks: 'plan',
  then: 'refresh',
  bind: (situation, intent) => ({
    ...intent,
    runs:
      intent.runs ??
      Object.fromEntries(
        chosenNodes(situation, intent.nodes)
          .filter((node) => isRunning(node, situation.facts))
          .map((node) => [node.id, runOf(node, situation)]),
      ),
  }),
  plan(situation, intent, draft) {
    const named = [...intent.nodes, ...Object.keys(intent.runs ?? {})];
    draft.refuse(...chosenProblems(situation, named, 'restarted'), ...identityProblems(situation));
    if (draft.problems.length > 0) return;
    const nodes = chosenNodes(situation, intent.nodes);
    const off = nodes.filter((node) => !isRunning(node, situation.facts)).map(({ id }) => id);
    if (off.length > 0) draft.note(say`Left out: K3s does not run on ${listed(off)}, as far as can be seen.`);
    const due = nodes.filter(
      (node) =>
        isRunning(node, situation.facts) &&
        (intent.runs === undefined || intent.runs[node.id] === runOf(node, situation)),
    );
    const wanted = { pending: say`you asked for it` };
    let previous: readonly string[] = [];
    for (const server of due.filter(({ role }) => role === 'server'))
      previous = change(draft, situation, server, wanted, previous);
    const agents = due.filter(({ role }) => role === 'agent');
    const last = [...previous, ...changeAgents(draft, situation, agents, () => wanted, previous)];
    if (draft.steps.length > 0) for (const step of nodesProof(situation, draft.steps)) draft.add(step, last);
    draft.note(...hookNotes(situation, draft.steps));
  },
};

function runOf(node: ClusterNode, { facts }: Situation): string {
  return facts.get(node.id)?.units[unitOf(node)]?.invocation ?? '';
}
