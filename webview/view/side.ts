import type { Answer, EdgeKind, Mark, NodeState, Part, TopologySnapshot } from '../../src/contract/messages';
import { button } from '../controls/toolkit';
import { EDGE_WORDS, STATE_WORDS, describePart } from './describe';
import { element } from './element';
import { outcomeSvg, singlePointIcon, stateSvg } from './icons';
import { markup, type Markup } from './markup';

const QUESTIONS = [
  ['api', 'Does the API answer?'],
  ['datastore', 'Does the datastore work?'],
  ['join', 'Can new nodes join?'],
  ['workloads', 'Do workloads go on?'],
  ['kubeconfig', 'Does the kubeconfig work?'],
] as const;

const OUTCOME_WORDS: Record<Answer['outcome'], string> = { yes: 'yes', partly: 'partly', no: 'no' };

/** The five questions about the present what-if, each with its reason. */
export function renderSurvival(snapshot: TopologySnapshot): HTMLElement {
  const chosen = snapshot.chosen.map((id) => snapshot.graph.parts.find((p) => p.id === id)?.label ?? id);
  const title = chosen.length === 0 ? 'With everything up' : `Without ${chosen.length > 3 ? `${chosen.length} parts` : chosen.join(', ')}`;
  const list = element('ul', 'answers');
  for (const [key, question] of QUESTIONS) {
    list.append(answerItem(question, snapshot.survival[key], 'li'));
  }
  return element('section', 'panel', element('h2', '', title), list);
}

function answerItem(question: string, answer: Answer, tag: 'li' | 'div'): HTMLElement {
  const words = element('div', '', element('div', 'question', `${question} `, element('strong', '', OUTCOME_WORDS[answer.outcome])), element('div', 'reason', answer.reason));
  return element(tag, `answer answer-${answer.outcome}`, picture(outcomeSvg(answer.outcome)), words);
}

/** What is running and not in the file, or the other way around. */
export function renderDrift(snapshot: TopologySnapshot): HTMLElement | undefined {
  const label = (id: string): string => snapshot.graph.parts.find((part) => part.id === id)?.label ?? id;
  const nodes = Object.entries(snapshot.status).flatMap(([id, { drift = [] }]) => (id.startsWith('etcd:') ? [] : drift.map((line) => `${label(id)} ${line}`)));
  const lines = [...snapshot.drift, ...nodes];
  if (lines.length === 0) return undefined;
  return element('section', 'panel', element('h2', '', 'Not as in the file'), element('ul', 'marks', ...lines.map((line) => element('li', 'drift', `${line}.`))));
}

/** The smallest failures that take the API down; each can be tried. */
export function renderCutSets(snapshot: TopologySnapshot, fail: (partIds: readonly string[]) => void): HTMLElement | undefined {
  if (snapshot.cutSets.length === 0) return undefined;
  const items = snapshot.cutSets.map(({ partIds, words }) => {
    const { element: control } = button('secondary', 'Try', () => fail(partIds));
    control.setAttribute('aria-label', `Try the loss of ${words}`);
    return element('li', 'cut-set', element('span', '', words), control);
  });
  return element('section', 'panel', element('h2', '', 'What takes the API down'), element('ul', 'cut-sets', ...items));
}

function agentGroup(part: Part, snapshot: TopologySnapshot): string {
  return snapshot.graph.parts.find((group) => group.kind === 'agents' && group.zone === part.zone)?.id ?? '';
}

/** The selected part: what it is, its state, its findings; `buttons` act on it. */
export function renderDetails(part: Part, snapshot: TopologySnapshot, buttons: readonly HTMLElement[], fix: (ruleId: string) => void): HTMLElement {
  const single = snapshot.singlePoints.find((p) => p.partId === part.id);
  const status = snapshot.status[part.id];
  const maintenance = snapshot.maintenance[part.kind === 'agent' ? agentGroup(part, snapshot) : part.id];
  return element(
    'section',
    'panel details',
    element('h2', '', part.label),
    element('p', 'reason', describePart({ ...part, label: '', marks: [] }, snapshot)),
    ...(status?.drift ?? []).map((line) => element('p', 'drift', `Not as in the file: ${line}.`)),
    ...(status?.facts === undefined || status.facts.length === 0 ? [] : [element('ul', 'facts', ...status.facts.map((fact) => element('li', '', fact)))]),
    ...(single === undefined ? [] : [element('p', 'reason', `Without it: ${single.reason}`)]),
    ...(maintenance === undefined ? [] : [answerItem('May I take it down now?', maintenance, 'div')]),
    ...(part.marks.length === 0 ? [] : [renderMarks(part.marks, fix)]),
    element('div', 'buttons', ...buttons),
  );
}

/** Findings with a button for those that can be mended at once. */
export function renderMarks(marks: readonly Mark[], fix: (ruleId: string) => void): HTMLElement {
  return element('ul', 'marks', ...marks.map((mark) => {
    const item = element('li', `mark-${mark.severity}`, element('strong', '', mark.severity === 'info' ? 'note' : mark.severity), ` ${mark.message}`);
    if (!mark.fixable) return item;
    const control = button('secondary', 'Fix', () => fix(mark.ruleId)).element;
    control.setAttribute('aria-label', `Fix ${mark.ruleId}`);
    item.append(element('div', 'buttons', control));
    return item;
  }));
}

const LINES: readonly EdgeKind[] = ['api', 'forward', 'registration', 'client-lb', 'datastore', 'vrrp'];
const STATES: readonly NodeState[] = ['ready', 'starting', 'installing', 'not-ready', 'failed', 'planned', 'absent', 'unknown'];

/** Explains only what this picture contains. */
export function renderLegend(snapshot: TopologySnapshot): HTMLElement {
  const kinds = LINES.filter((kind) => kind !== 'forward' && snapshot.layout.wires.some((w) => w.kind === kind));
  const states = STATES.filter((state) => Object.values(snapshot.status).some((s) => s.state === state));
  const rows = [
    ...kinds.map((kind) => entry(markup`<svg class="line" viewBox="0 0 36 12" width="36" height="12" aria-hidden="true"><path class="wire wire-${kind}" d="M1 6h34"/></svg>`, EDGE_WORDS[kind])),
    ...states.map((state) => entry(stateSvg(state), STATE_WORDS[state])),
    ...([true, false] as const)
      .filter((certain) => snapshot.singlePoints.some((p) => p.certain === certain))
      .map((certain) => entry(markup`<svg class="icon single-point" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${singlePointIcon(certain)}</svg>`, certain ? 'single point of failure' : 'redundancy not in this file')),
  ];
  return element('section', 'panel legend', element('h2', '', 'Legend'), element('ul', '', ...rows));
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
