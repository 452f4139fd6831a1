import { printableLine } from '../base/printable';
import { formatProblem } from '../base/problem';
import { count } from '../base/words';
import type { Plan, Step } from './plan';

/** The plan as a document for people: what happens, in which order, on which host, and why. */
export function planText(plan: Plan): string {
  const lines = [`Plan for cluster "${plan.clusterName}"`, ''];
  if (plan.problems.length > 0) {
    lines.push(
      'Nothing can be done yet:',
      '',
      ...plan.problems.flatMap((found) => [...formatProblem(found).split('\n'), '']),
    );
  } else if (plan.steps.length === 0) {
    lines.push(
      `Nothing to do: all ${plan.nodes.length} nodes are as the file says. Nothing will be changed or restarted.`,
      '',
    );
  } else {
    lines.push(summary(plan), '');
    for (const [index, stage] of stages(plan.steps).entries()) {
      lines.push(`${index + 1}. ${stage.length === 1 ? 'Then' : 'In parallel'}`.replace('1. Then', '1. First'));
      for (const step of stage)
        lines.push(
          `   ${step.node.padEnd(width(plan))}  ${step.title}`,
          `   ${' '.repeat(width(plan))}    because ${step.reason}`,
        );
      lines.push('');
    }
  }
  if (plan.notes.length > 0) lines.push('Worth knowing:', ...plan.notes.map((note) => `   - ${note}`), '');
  const untouched = plan.nodes.filter((node) =>
    plan.steps.every((step) => step.node !== node.id || step.action.type === 'await-nodes'),
  );
  if (plan.steps.length > 0 && untouched.length > 0)
    lines.push(`Not touched: ${untouched.map((node) => node.id).join(', ')}`, '');
  // A name or a reason is part of its line and cannot begin another one.
  return lines.map(printableLine).join('\n');
}

/** What a step does to its host, for {@link summary}; undefined for a step that only looks. */
const VERBS: Readonly<Record<Step['action']['type'], string | undefined>> = {
  'write-config': 'write the configuration of',
  install: 'install K3s on',
  start: 'start K3s on',
  restart: 'restart K3s on',
  'await-nodes': undefined,
};

/**
 * One sentence for confirmations, e.g. "Install K3s on 5 hosts, start K3s on 5 hosts." A step of a kind without a verb
 * here is counted all the same: what changes a host must never read as nothing.
 */
export function summary(plan: Plan): string {
  const known = Object.entries(VERBS).map(([type, verb]) => ({
    verb,
    hosts: plan.steps.filter((step) => step.action.type === type).length,
  }));
  const others = plan.steps.filter((step) => !Object.hasOwn(VERBS, step.action.type)).length;
  const said = known.flatMap(({ verb, hosts }) =>
    verb === undefined || hosts === 0 ? [] : [`${verb} ${count(hosts, 'host')}`],
  );
  if (others > 0) said.push(`carry out ${count(others, said.length === 0 ? 'step' : 'more step')}`);
  if (said.length === 0) return 'Nothing to do.';
  const text = said.join(', ');
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** Steps by the earliest moment they can begin. */
function stages(steps: readonly Step[]): Step[][] {
  const level = new Map<string, number>();
  const result: Step[][] = [];
  for (const step of steps) {
    const at = Math.max(-1, ...step.after.map((before) => level.get(before) ?? -1)) + 1;
    level.set(step.id, at);
    (result[at] ??= []).push(step);
  }
  return result;
}

function width(plan: Plan): number {
  return Math.max(...plan.nodes.map((node) => node.id.length));
}
