import { later, said, say } from '../../src/core/base/say';
import type { Answer, EdgeKind, Mark, NodeState, Part, PartStep, TopologySnapshot } from '../../src/contract/messages';
import { button } from '../controls/toolkit';
import { EDGE_WORDS, STATE_WORDS, describePart, severityWord } from '../drawing/describe';
import { element } from './element';
import { outcomeSvg, singlePointIcon, stateSvg } from '../drawing/icons';
import { markup, type Markup } from '../drawing/markup';

const QUESTIONS = [
  ['api', later`Does the API answer?`],
  ['datastore', later`Does the datastore work?`],
  ['join', later`Can new nodes join?`],
  ['workloads', later`Do workloads go on?`],
  ['kubeconfig', later`Does the kubeconfig work?`],
] as const;

export const OUTCOME_WORDS: Record<Answer['outcome'], string> = {
  yes: later`yes`,
  partly: later`partly`,
  no: later`no`,
  unknown: later`unknown`,
};

/** What the panel about the present what-if shows. */
export interface Survival {
  readonly title: string;
  readonly answers: readonly (readonly [question: string, answer: Answer])[];
}

export function survivalOf({ head, survival }: TopologySnapshot): Survival {
  return { title: head.question, answers: QUESTIONS.map(([key, question]) => [said(question), survival[key]]) };
}

/** The five questions about the present what-if, each with its reason. */
export function renderSurvival({ title, answers }: Survival): HTMLElement {
  return element(
    'section',
    'panel',
    element('h2', '', title),
    element('ul', 'answers', ...answers.map(([question, answer]) => answerItem(question, answer, 'li'))),
  );
}

function labelOf(id: string, snapshot: TopologySnapshot): string {
  return snapshot.graph.parts.find((part) => part.id === id)?.label ?? id;
}

function answerItem(question: string, answer: Answer, tag: 'li' | 'div'): HTMLElement {
  const words = element(
    'div',
    '',
    element('div', 'question', `${question} `, element('strong', '', said(OUTCOME_WORDS[answer.outcome]))),
    element('div', 'reason', answer.reason),
  );
  return element(tag, `answer answer-${answer.outcome}`, picture(outcomeSvg(answer.outcome)), words);
}

/** What is running and not in the file, or the other way around. */
export function driftOf(snapshot: TopologySnapshot): readonly string[] | undefined {
  const nodes = Object.entries(snapshot.status).flatMap(([id, { drift = [] }]) =>
    id.startsWith('etcd:') ? [] : drift.map((line) => `${labelOf(id, snapshot)} ${line}`),
  );
  const lines = [...snapshot.drift, ...nodes];
  return lines.length === 0 ? undefined : lines;
}

export function renderDrift(lines: readonly string[]): HTMLElement {
  return element(
    'section',
    'panel',
    element('h2', '', say`Not as in the file`),
    element('ul', 'marks', ...lines.map((line) => element('li', 'drift', say`${line}.`))),
  );
}

/** The smallest failures that take the API down; each can be tried. */
export function renderCutSets(
  cutSets: TopologySnapshot['cutSets'],
  fail: (partIds: readonly string[]) => void,
): HTMLElement {
  const items = cutSets.map(({ partIds, words }) => {
    const { element: control } = button('secondary', say`Try`, () => fail(partIds));
    control.setAttribute('aria-label', say`Try the loss of ${words}`);
    return element('li', 'cut-set', element('span', '', words), control);
  });
  return element(
    'section',
    'panel',
    element('h2', '', say`What takes the API down`),
    element('ul', 'cut-sets', ...items),
  );
}

function agentGroup(part: Part, snapshot: TopologySnapshot): string {
  return snapshot.graph.parts.find((group) => group.kind === 'agents' && group.zone === part.zone)?.id ?? '';
}

/** What the panel about the selected part shows. */
export interface Details {
  readonly part: Part;
  readonly description: string;
  readonly drift: readonly string[];
  readonly facts: readonly string[];
  readonly steps: readonly PartStep[];
  readonly withoutIt: string | undefined;
  readonly maintenance: Answer | undefined;
  readonly fails: boolean;
  /** Really, so that it cannot be played. */
  readonly isDown: boolean;
  readonly open: boolean;
}

export function detailsOf(part: Part, snapshot: TopologySnapshot): Details {
  const status = snapshot.status[part.id];
  return {
    part,
    description: describePart({ ...part, label: '', marks: [] }, snapshot),
    drift: status?.drift ?? [],
    facts: status?.facts ?? [],
    steps: status?.steps ?? [],
    withoutIt: snapshot.singlePoints.find((p) => p.partId === part.id)?.reason,
    maintenance: snapshot.maintenance[part.kind === 'agent' ? agentGroup(part, snapshot) : part.id],
    fails: snapshot.chosen.includes(part.id),
    isDown: snapshot.down.includes(part.id),
    open: snapshot.expanded.includes(part.id),
  };
}

/** The selected part: what it is, its state, its findings; `buttons` act on it. */
export function renderDetails(
  { part, description, drift, facts, steps, withoutIt, maintenance }: Details,
  buttons: readonly HTMLElement[],
  fix: (ruleId: string) => void,
): HTMLElement {
  return element(
    'section',
    'panel details',
    element('h2', '', part.label),
    element('p', 'reason', description),
    ...drift.map((line) => element('p', 'drift', say`Not as in the file: ${line}.`)),
    ...(facts.length === 0 ? [] : [element('ul', 'facts', ...facts.map((fact) => element('li', '', fact)))]),
    ...(steps.length === 0 ? [] : [renderSteps(steps)]),
    ...(withoutIt === undefined ? [] : [element('p', 'reason', say`Without it: ${withoutIt}`)]),
    ...(maintenance === undefined ? [] : [answerItem(say`May I take it down now?`, maintenance, 'div')]),
    ...(part.marks.length === 0 ? [] : [renderMarks(part.marks, fix)]),
    element('div', 'buttons', ...buttons),
  );
}

const STEP: Readonly<Record<PartStep['state'], readonly [NodeState, string]>> = {
  pending: ['planned', later`to do`],
  running: ['starting', later`at work`],
  done: ['ready', later`done`],
  failed: ['failed', later`failed`],
  unknown: ['failed', later`outcome unknown`],
  skipped: ['absent', later`skipped`],
  cancelled: ['absent', later`cancelled`],
};

/** What happens on a host, one step after the other. */
function renderSteps(steps: readonly PartStep[]): HTMLElement {
  return element(
    'ol',
    'steps',
    ...steps.map(({ title, state }) => {
      const [sign, words] = STEP[state];
      return element(
        'li',
        '',
        picture(stateSvg(sign)),
        element('span', '', `${title} `, element('span', 'reason', said(words))),
      );
    }),
  );
}

/** Findings about the cluster as a whole. */
export function renderFindings(marks: readonly Mark[], fix: (ruleId: string) => void): HTMLElement {
  return element('section', 'panel', element('h2', '', say`Findings about the cluster`), renderMarks(marks, fix));
}

/** Findings with a button for those that can be mended at once. */
function renderMarks(marks: readonly Mark[], fix: (ruleId: string) => void): HTMLElement {
  return element(
    'ul',
    'marks',
    ...marks.map((mark) => {
      const item = element(
        'li',
        `mark-${mark.severity}`,
        element('strong', '', severityWord(mark)),
        ` ${mark.message}`,
      );
      if (!mark.fixable) return item;
      const control = button('secondary', say`Fix`, () => fix(mark.ruleId)).element;
      control.setAttribute('aria-label', say`Fix ${mark.ruleId}`);
      item.append(element('div', 'buttons', control));
      return item;
    }),
  );
}

const LINES: readonly EdgeKind[] = ['api', 'forward', 'registration', 'client-lb', 'datastore', 'vrrp'];
const STATES: readonly NodeState[] = [
  'ready',
  'starting',
  'installing',
  'not-ready',
  'failed',
  'planned',
  'absent',
  'unknown',
];

/** What this picture contains and a reader may not know. */
export interface Legend {
  readonly lines: readonly EdgeKind[];
  readonly states: readonly NodeState[];
  /** Whether single points are certain, or only not excluded by the file. */
  readonly singlePoints: readonly boolean[];
}

export function legendOf(snapshot: TopologySnapshot): Legend {
  const states = new Set(Object.values(snapshot.status).map(({ state }) => state));
  return {
    lines: LINES.filter((kind) => kind !== 'forward' && snapshot.layout.wires.some((w) => w.kind === kind)),
    states: STATES.filter((state) => states.has(state)),
    singlePoints: [true, false].filter((certain) => snapshot.singlePoints.some((p) => p.certain === certain)),
  };
}

/** Explains only what this picture contains. */
export function renderLegend({ lines, states, singlePoints }: Legend): HTMLElement {
  const rows = [
    ...lines.map((kind) =>
      entry(
        markup`<svg class="line" viewBox="0 0 36 12" width="36" height="12" aria-hidden="true"><path class="wire wire-${kind}" d="M1 6h34"/></svg>`,
        said(EDGE_WORDS[kind]),
      ),
    ),
    ...states.map((state) => entry(stateSvg(state), said(STATE_WORDS[state]))),
    ...singlePoints.map((certain) =>
      entry(
        markup`<svg class="icon single-point" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${singlePointIcon(certain)}</svg>`,
        certain ? say`single point of failure` : say`redundancy not in this file`,
      ),
    ),
  ];
  return element('section', 'panel legend', element('h2', '', say`Legend`), element('ul', '', ...rows));
}

function entry(sign: Markup, words: string): HTMLElement {
  return element('li', '', picture(sign), element('span', '', words));
}

/** Markup of our own as an element. */
export function picture(sign: Markup): HTMLElement {
  const holder = element('span', 'sign');
  holder.innerHTML = sign.markup;
  return holder;
}
