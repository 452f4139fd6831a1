import { say } from '../base/say';
import { printableLine } from '../base/printable';
import { formatProblem } from '../base/problem';
import { count } from '../base/words';
import { differenceLines, differenceWord, type FileDifference } from './difference';
import type { Plan } from './plan';
import { stages } from './stages';
import type { Step } from './step';

/** The plan as a document for people: what happens, in which order, on which host, and why. */
export function planText(plan: Plan): string {
  const lines = [say`Plan for cluster "${plan.clusterName}"`, ''];
  if (plan.problems.length > 0) {
    lines.push(
      say`Nothing can be done yet:`,
      '',
      ...plan.problems.flatMap((found) => [...formatProblem(found).split('\n'), '']),
    );
  } else if (plan.steps.length === 0) {
    lines.push(
      say`Nothing to do: all ${plan.machines.length} nodes are as the file says. Nothing will be changed.`,
      '',
    );
  } else {
    lines.push(summary(plan), '', `Hosts: ${touchedMachines(plan).map(machineWords).join(', ')}`, '');
    for (const [index, stage] of stages(plan.steps).entries()) {
      lines.push(`${index + 1}. ${stage.length > 1 ? say`In parallel` : index === 0 ? say`First` : say`Then`}`);
      for (const step of stage) lines.push(...stepLines(step, width(plan)));
      lines.push('');
    }
  }
  if (plan.notes.length > 0) lines.push(say`Worth knowing:`, ...plan.notes.map((note) => `   - ${note}`), '');
  const touched = new Set(touchedMachines(plan));
  const untouched = plan.machines.filter((machine) => !touched.has(machine));
  if (plan.steps.length > 0 && untouched.length > 0) {
    lines.push(say`Not touched: ${untouched.map(({ id }) => id).join(', ')}`, '');
  }
  // A name or a reason is part of its line and cannot begin another one.
  return lines.map(printableLine).join('\n');
}

/** Machines on which something happens other than looking and waiting. */
export function touchedMachines({ machines, steps }: Plan): Plan['machines'] {
  return machines.filter(({ id }) => steps.some((step) => step.on === id && step.says.counted !== ''));
}

/** `server-1 (10.0.0.11)` */
export function machineWords({ id, host }: Plan['machines'][number]): string {
  return id === host ? id : `${id} (${host})`;
}

/** One sentence for confirmations, e.g. "Install K3s on 5 hosts, start K3s on 5 hosts." */
export function summary({ steps }: Plan): string {
  const counted = new Map<string, Set<string>>();
  for (const { says, on } of steps) {
    if (says.counted !== '') counted.set(says.counted, (counted.get(says.counted) ?? new Set()).add(on));
  }
  if (counted.size === 0)
    return steps.length === 0 ? say`Nothing to do.` : say`Look at the cluster; nothing is changed.`;
  const text = [...counted].map(([verb, hosts]) => say`${verb} ${count(hosts.size, 'host')}`).join(say`, `);
  return say`${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

function stepLines({ about, says, differences }: Step, margin: number): readonly string[] {
  const indent = `   ${' '.repeat(margin)}    `;
  return [
    `   ${about.padEnd(margin)}  ${says.title}`,
    say`${indent}because ${says.reason}`,
    ...differences.flatMap((difference) => fileLines(difference).map((line) => `${indent}${line}`)),
  ];
}

function fileLines(difference: FileDifference): readonly string[] {
  const lines = differenceLines(difference).map((line) => (line === undefined ? '  …' : `${line.mark} ${line.text}`));
  const word = differenceWord(difference);
  return [`${difference.path}${word === 'changed' ? '' : ` (${word})`}`, ...lines];
}

function width({ steps }: Plan): number {
  return Math.max(...steps.map(({ about }) => about.length));
}
