import { say } from '../base/say';
import { groupBy } from '../base/group';
import { printableLine } from '../base/printable';
import { formatProblem } from '../base/problem';
import { count, listed } from '../base/words';
import { disclosureLabel, type Disclosure } from '../cluster/disclosures';
import { differenceLines, differenceWord, type FileDifference } from './difference';
import { laidMachines, type Plan, type PlanMachine } from './plan';
import { machineWords, summary, touchedMachines } from './planText';
import { stages } from './stages';
import type { MachineId, Step } from './step';

/** A file of a machine that a step changes. */
export interface PlannedFile {
  readonly step: string;
  readonly machine: PlanMachine;
  readonly difference: FileDifference;
}

/** A part of a plan's document: its first line stays when it is folded. */
export interface PlanPart {
  readonly kind: 'section' | 'machine' | 'step' | 'file';
  readonly name: string;
  readonly detail: string;
  /** Zero-based, like `last`, the last line that is still part of it. */
  readonly first: number;
  readonly last: number;
  readonly parts: readonly PlanPart[];
  /** Of a file. */
  readonly file?: PlannedFile;
}

/** A plan as an editor shows it. */
export interface PlanDocument {
  readonly text: string;
  readonly parts: readonly PlanPart[];
}

/** What the document says beside the plan. */
export interface PlanSubject {
  /** Title of the operation, e.g. `Provision Cluster`. */
  readonly title: string;
  /** What the cluster file gives to its hosts. */
  readonly disclosures: readonly Disclosure[];
}

/** A part before it has its lines. `body` are lines and parts below the heading. */
interface Block extends Omit<PlanPart, 'first' | 'last' | 'parts'> {
  readonly heading: string;
  readonly body: readonly (string | Block)[];
}

/** The plan by machine: what happens on it in which order, why, what it waits for, and each file line by line. */
export function planDocument(plan: Plan, subject: PlanSubject): PlanDocument {
  const lines: string[] = [];
  // A name or a reason is part of its line and cannot begin another one.
  const write = (text: string, depth: number): number =>
    lines.push(`${'  '.repeat(depth)}${printableLine(text)}`.trimEnd()) - 1;
  const lay = ({ heading, body, ...part }: Block, depth: number): PlanPart => {
    const first = write(heading, depth);
    const parts: PlanPart[] = [];
    for (const item of body) {
      if (typeof item === 'string') write(item, depth + 1);
      else parts.push(lay(item, depth + 1));
    }
    return { ...part, first, last: lines.length - 1, parts };
  };
  const parts = blocks(plan, subject).map((block, index) => {
    if (index > 0) lines.push('');
    return lay(block, 0);
  });
  return { text: `${lines.join('\n')}\n`, parts };
}

/** The file at a line, or the only one of the step or machine that the line belongs to. */
export function plannedFileAt(parts: readonly PlanPart[], line: number): PlannedFile | undefined {
  const around = parts.find(({ first, last }) => first <= line && line <= last);
  if (around?.file !== undefined) return around.file;
  if (around === undefined) return undefined;
  const [only, ...others] = plannedFiles(around.parts);
  return plannedFileAt(around.parts, line) ?? (others.length === 0 ? only?.file : undefined);
}

/** The parts that are files, in the order of the document. */
export function plannedFiles(parts: readonly PlanPart[]): readonly (PlanPart & { readonly file: PlannedFile })[] {
  return parts.flatMap((part) => (part.file === undefined ? plannedFiles(part.parts) : [{ ...part, file: part.file }]));
}

function blocks(plan: Plan, subject: PlanSubject): readonly Block[] {
  const byMachine = groupBy(plan.steps, ({ about }) => about);
  const known = new Set(plan.machines.map(({ id }) => id));
  const machines = [
    ...plan.machines.filter(({ id }) => byMachine.has(id)),
    ...[...byMachine.keys()].filter((id) => !known.has(id)).map((id) => ({ id, host: id })),
  ];
  const waits = waitsIn(plan.steps);
  return [
    section(say`Plan for cluster "${plan.clusterName}": ${subject.title}`, [headline(plan)]),
    section(
      say`Problems`,
      plan.problems.flatMap((found) => formatProblem(found).split('\n')),
    ),
    section(
      say`Worth knowing`,
      plan.notes.map((note) => `• ${note}`),
    ),
    section(say`Hosts`, hostLines(plan, byMachine)),
    section(say`Goes to hosts`, disclosureLines(plan, subject.disclosures)),
    ...machines.map((machine) => machineBlock(machine, byMachine.get(machine.id) ?? [], waits)),
    section(say`Order`, orderLines(plan.steps)),
  ].filter(({ body }) => body.length > 0);
}

function section(name: string, body: readonly string[]): Block {
  return { kind: 'section', name, detail: '', heading: name, body };
}

function headline(plan: Plan): string {
  if (plan.problems.length > 0) return say`Nothing can be done yet. Nothing was changed.`;
  if (plan.steps.length > 0) return summary(plan);
  return say`Nothing to do: all ${count(plan.machines.length, 'host')} are as the file says. Nothing will be changed.`;
}

function hostLines(plan: Plan, byMachine: ReadonlyMap<MachineId, readonly Step[]>): readonly string[] {
  const { machines, steps } = plan;
  const touched = new Set(touchedMachines(plan));
  const width = Math.max(...machines.map(({ id }) => id.length));
  const hostWidth = Math.max(...machines.map(({ host }) => host.length));
  return machines.map((machine) => {
    const own = byMachine.get(machine.id)?.length ?? 0;
    const words = touched.has(machine) ? count(own, 'step') : own > 0 ? say`only looked at` : say`not touched`;
    const line = `${machine.id.padEnd(width)}  ${machine.host.padEnd(hostWidth)}`;
    return steps.length === 0 ? line : `${line}  ${words}`;
  });
}

/** What a run of this plan sends: the logins go everywhere, the rest where files are laid down. */
function disclosureLines({ machines, steps }: Plan, disclosures: readonly Disclosure[]): readonly string[] {
  if (steps.length === 0) return [];
  const laid = laidMachines(steps);
  const sent = disclosures.filter(({ use, machine }) => use.startsWith('ssh.') || laid.has(machine.id));
  return [...groupBy(sent, ({ kind, name, use }) => JSON.stringify([kind, name, use])).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const to = [...new Set(group.map(({ machine }) => machine.id))];
    const whom = to.length === machines.length && to.length > 1 ? say`all ${count(to.length, 'host')}` : to.join(', ');
    const stays = first.kind === 'key' ? say`; the key itself stays here` : '';
    return [say`${disclosureLabel(first)} (${first.use}) to ${whom}${stays}`];
  });
}

type Waits = (step: Step) => readonly string[];

function machineBlock(machine: PlanMachine, steps: readonly Step[], waits: Waits): Block {
  return {
    kind: 'machine',
    name: machine.id,
    detail: machine.id === machine.host ? '' : machine.host,
    heading: machineWords(machine),
    body: steps.map((step) => stepBlock(machine, step, waits)),
  };
}

function stepBlock(machine: PlanMachine, step: Step, waits: Waits): Block {
  const { says, on, about, differences } = step;
  const because = say`because ${says.reason}`;
  return {
    kind: 'step',
    name: says.title,
    detail: because,
    heading: says.title,
    body: [
      because,
      ...(on === about ? [] : [say`runs on ${on}`]),
      ...waits(step),
      ...differences.map((difference) => fileBlock({ step: step.id, machine, difference })),
    ],
  };
}

function fileBlock(file: PlannedFile): Block {
  const { path } = file.difference;
  const state = differenceWord(file.difference);
  return {
    kind: 'file',
    name: path,
    detail: state,
    heading: `${path} (${state})`,
    body: differenceLines(file.difference).map((line) => (line === undefined ? '  …' : `${line.mark} ${line.text}`)),
    file,
  };
}

/** What has to be done on other machines before a step; of each machine the last step stands for those before it. */
function waitsIn(steps: readonly Step[]): Waits {
  const positions = new Map(steps.map(({ id }, position) => [id, position]));
  // The last step of a machine that is more than a look leaves it as it will be.
  const ends = new Map(
    steps.filter(({ phase }) => phase !== 'wait' && phase !== 'check').map((step) => [step.on, step]),
  );
  return ({ on, after }) => {
    const before = after.map((id) => positions.get(id) ?? 0).sort((a, b) => a - b);
    const others = before.flatMap((position) => steps[position] ?? []).filter((step) => step.on !== on);
    const last = [...new Map(others.map((step) => [step.on, step])).values()];
    const groups = groupBy(last, (step) => (ends.get(step.on) === step ? '' : say`: ${step.says.title}`));
    return [...groups].map(([what, waited]) => say`waits for ${listed(waited.map(({ about }) => about))}${what}`);
  };
}

function orderLines(steps: readonly Step[]): readonly string[] {
  const all = stages(steps);
  const margin = String(all.length).length;
  return all.flatMap((stage, index) =>
    [...groupBy(stage, ({ says }) => says.title)].map(([title, same], row) => {
      const number = row === 0 ? String(index + 1) : '';
      return `${number.padStart(margin)}  ${title}: ${listed(same.map(({ about }) => about))}`;
    }),
  );
}
