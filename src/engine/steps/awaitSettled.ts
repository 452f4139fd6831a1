import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { StepOutcome } from '../../core/plan/step';
import { nodeSettled, type NodeSettled } from '../../core/remote/nodeSettled';
import { shellWord } from '../../core/remote/shell';
import { askServers } from '../hosts/askServers';
import type { NodeWork } from './cordon';
import { defineStep, ended, type StepContext } from './step';

const PAUSE_MS = 1000;

/** K3s applies its manifests anew shortly after it is ready, so one quiet look is not enough. */
const QUIET_LOOKS = 2;

interface Settled extends NodeWork {
  readonly release: string;
  /** What K3s installs by Helm is waited for, too. */
  readonly charts: boolean;
  /** Pods of DaemonSets that were not Ready before, for which nobody waits. */
  readonly except: readonly string[];
}

/**
 * Waits until a node is back with another release: Ready, its DaemonSets up, and for a server the packaged charts installed. A job of
 * these that was cut off leaves a release pending for ever, so nobody goes on with the next server then.
 * https://github.com/k3s-io/k3s/issues/14283
 */
export const awaitSettled = defineStep<Settled>({
  kind: 'await-settled',
  phase: 'wait',
  estimateMs: 5000,
  says: ({ release, charts }) => ({
    title: say`Wait until it is Ready with ${release} and its DaemonSets run${charts ? say`, and the packaged charts are installed` : ''}`,
    doing: say`waiting for its pods`,
    counted: '',
  }),
  subject: ({ name }) => name,
  run: waitUntilSettled,
});

async function waitUntilSettled(input: Settled, at: StepContext): Promise<StepOutcome> {
  const { name, through, charts } = input;
  const deadline = at.clock.now() + at.startTimeoutMs;
  let quiet = 0;
  let told = '';
  for (;;) {
    const seen = await askServers(through, nodeSettled(name, charts), at);
    if (at.signal.aborted) return { kind: 'cancelled' };
    const over = at.clock.now() > deadline;
    if (seen.kind !== 'done' && (over || seen.kind === 'unknown')) return ended(seen);
    if (seen.kind === 'done') {
      const stuck = stuckProblem(seen.value, at.machine.id);
      if (stuck !== undefined) return { kind: 'failed', problem: stuck };
      const lacking = lackingWords(input, seen.value);
      quiet = lacking.length === 0 ? quiet + 1 : 0;
      if (quiet === (charts ? QUIET_LOOKS : 1)) return { kind: 'done' };
      if (over && lacking.length > 0) return { kind: 'failed', problem: overdue(input, lacking, at.machine.id) };
      const words = lacking.join('; ');
      if (words !== '' && words !== told) at.progress(words);
      told = words;
    }
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}

function lackingWords({ name, release, except }: Settled, seen: NodeSettled): readonly string[] {
  const waiting = seen.waiting.filter((pod) => !except.includes(pod));
  return [
    ...(seen.release === release ? [] : [say`${name} still tells that it runs ${seen.release}`]),
    ...(seen.ready ? [] : [say`${name} is not Ready`]),
    ...(waiting.length === 0 ? [] : [say`${listed(waiting)} ${waiting.length === 1 ? 'is' : 'are'} not Ready`]),
    ...(seen.jobs.length === 0
      ? []
      : [say`${listed(seen.jobs)} ${seen.jobs.length === 1 ? 'is' : 'are'} not complete`]),
    ...(seen.pending.length === 0 ? [] : [`Helm's ${listed(seen.pending)}`]),
  ];
}

/** A job that fails while its release is pending does not mend itself. */
function stuckProblem({ stuck, pending }: NodeSettled, host: string): Problem | undefined {
  const [first] = stuck;
  const [release] = pending;
  if (first === undefined || release === undefined) return undefined;
  const [place = '', state = ''] = release.split(' ');
  const [namespace = '', chart = ''] = place.split('/');
  return problem('chart-stuck', say`The release ${place} of Helm is ${state}, and its job does not get on`, {
    host,
    why: say`${first.pod} says: ${first.says === '' ? say`nothing` : first.says}`,
    nextSteps: [
      say`Roll it back: helm rollback ${shellWord(chart)} --namespace ${shellWord(namespace)}; without helm, delete its newest secret sh.helm.release.v1.${shellWord(chart)}.v… there.`,
      say`K3s then runs the job again. When it is complete, run the same command again: it goes on with the next server.`,
    ],
  });
}

function overdue({ name, release }: Settled, lacking: readonly string[], host: string): Problem {
  return problem('node-not-settled', say`${name} runs ${release}, but not everything on it is back`, {
    host,
    why: `${lacking.join('; ')}.`,
    nextSteps: [
      say`Look at them: kubectl get pods --all-namespaces --field-selector spec.nodeName=${shellWord(name)}; kubectl get jobs --namespace kube-system.`,
      say`Run the same command again when the cause is removed; it goes on with the next node.`,
      say`Going back to an older minor version needs the snapshot that was saved before: see "Upgrade" in docs/operations.md.`,
    ],
  });
}
