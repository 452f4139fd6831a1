import { say } from '../../core/base/say';
import { duration } from '../../core/base/duration';
import { problem, type Problem } from '../../core/base/problem';
import { count, listed } from '../../core/base/words';
import { keptPods, podName, type KeptPods } from '../../core/health/disruption';
import type { StepOutcome } from '../../core/plan/step';
import { drainNode, type DrainOptions, type DrainTurn } from '../../core/remote/drain';
import { podsAndBudgets } from '../../core/remote/pods';
import { askServers } from '../hosts/askServers';
import type { NodeWork } from './cordon';
import { defineStep, ended, type StepContext } from './step';

/** A budget may open at any moment; it is asked again at once, and Kubernetes is not asked all the time. */
const PAUSE_MS = 1000;

export interface Drained extends NodeWork, DrainOptions {
  /** For all pods together. */
  readonly timeoutMs: number;
}

/**
 * Moves the pods of a cordoned Node elsewhere: asks the API to evict them, which keeps budgets for disruption, and waits until
 * they are gone. Those of DaemonSets stay. What keeps a pod is told while it does.
 */
export const drain = defineStep<Drained>({
  kind: 'drain',
  phase: 'change',
  estimateMs: 30_000,
  says: ({ timeoutMs }) => ({
    title: say`Drain it: its pods move to other nodes, within ${duration(timeoutMs)}`,
    doing: say`draining`,
    counted: say`drain`,
  }),
  subject: ({ name }) => name,
  run: drainInTurns,
});

async function drainInTurns(input: Drained, at: StepContext): Promise<StepOutcome> {
  const { name, through, timeoutMs } = input;
  const deadline = at.clock.now() + timeoutMs;
  let told = '';
  for (;;) {
    const turn = await askServers(through, drainNode(name, input), at, (code) => code === 'drain-refused');
    if (turn.kind !== 'done') return ended(turn);
    if (turn.value.kind !== 'waiting') return { kind: 'done' };
    const kept = turn.value.kept.length === 0 ? [] : await reasons(input, at);
    if (at.clock.now() > deadline) return { kind: 'failed', problem: overdue(input, turn.value, kept, at.machine.id) };
    const words = waitingWords(turn.value, kept);
    if (words !== told) at.progress(words);
    told = words;
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}

type Waiting = Extract<DrainTurn, { kind: 'waiting' }>;

/** Which budgets keep pods of the node; empty when the cluster does not tell. */
async function reasons({ name, through }: Drained, at: StepContext): Promise<readonly KeptPods[]> {
  const seen = await askServers(through, podsAndBudgets(), at);
  return seen.kind === 'done' ? keptPods(seen.value, new Set([name])) : [];
}

function waitingWords({ kept, ending }: Waiting, reasons: readonly KeptPods[]): string {
  if (kept.length > 0) {
    const by = reasons[0] === undefined ? 'a PodDisruptionBudget' : reasons[0].why;
    return say`${listed(kept.map(podName))} may not go yet: ${by}`;
  }
  return ending.length > 0
    ? say`waiting until ${listed(ending.map(podName))} has ended`
    : say`waiting until its pods are gone`;
}

function overdue({ name, timeoutMs }: Drained, turn: Waiting, reasons: readonly KeptPods[], host: string): Problem {
  const { kept, ending } = turn;
  const limit = say`within ${duration(timeoutMs)}`;
  if (kept.length === 0) {
    return problem('drain-slow', say`${name} was not drained ${limit}: ${count(ending.length, 'pod')} did not end`, {
      host,
      ...(ending.length === 0 ? {} : { why: say`Still there: ${listed(ending.map(podName))}.` }),
      nextSteps: [
        say`See why they do not end: kubectl describe pod; a finalizer or a long terminationGracePeriodSeconds holds them.`,
        say`Give them more time with k3s.upgrade.drainTimeout, then run again.`,
      ],
    });
  }
  return problem('drain-blocked', say`${name} was not drained ${limit}: ${listed(kept.map(podName))} may not go`, {
    host,
    why:
      reasons.length === 0
        ? say`A PodDisruptionBudget does not allow it.`
        : `${reasons.map(({ why }) => why).join('; ')}.`,
    nextSteps: [
      ...(reasons.length === 0
        ? [say`See "kubectl get pdb --all-namespaces": a budget with 0 allowed disruptions keeps its pods.`]
        : reasons.map(({ command }) => `See "${command}".`)),
      say`Run more replicas than the budget wants, or change the budget, then run again.`,
    ],
  });
}
