import { later, said, say } from '../../src/core/base/say';
import type { TopologySnapshot } from '../../src/contract/messages';
import { badge, button, dropdown, progressRing } from '../controls/toolkit';
import { createActions, type ActionEvents } from './actions';
import { canFail, modeWord } from '../drawing/describe';
import { element } from './element';
import { outcomeSvg } from '../drawing/icons';
import { picture } from './side';

export interface HeaderEvents extends ActionEvents {
  /** The one part that shall fail; undefined: none. */
  fail(partId: string | undefined): void;
}

export interface Header {
  readonly element: HTMLElement;
  render(snapshot: TopologySnapshot): void;
}

/** What the picture is of, title, verdict, run state and the toolbar. Controls are made once, so that they keep the focus. */
export function createHeader(events: HeaderEvents): Header {
  const title = element('h1', '');
  const mode = element('span', 'mode');
  const note = element('span', 'mode-note');
  const simulation = badge(say`Simulation`);
  simulation.title = say`These hosts are simulated. No real machine is touched.`;
  const warning = element('p', 'warning');
  const verdict = element('p', 'verdict');
  const back = button('secondary', say`Back`, () => events.fail(undefined));
  const ring = progressRing();
  const runWords = element('span', 'run-words');
  const run = element('div', 'run', ring, runWords);
  const actions = createActions(events);
  const whatIf = dropdown(say`What if this fails`, (value) =>
    events.fail(value === '' || value === SEVERAL ? undefined : value),
  );
  const toolbar = element(
    'div',
    'toolbar',
    actions.element,
    element('div', 'what-if', element('span', 'what-if-label', say`What if`), whatIf.element),
  );
  const node = element(
    'header',
    'header',
    element('div', 'heading', title, element('span', 'of', mode, note), simulation, run),
    warning,
    element('div', 'verdict-row', verdict, back.element),
    toolbar,
  );

  return {
    element: node,
    render: (snapshot) => {
      const { head } = snapshot;
      title.textContent = snapshot.title;
      node.dataset['mode'] = head.mode;
      mode.textContent = modeWord(head.mode);
      note.textContent = head.note;
      simulation.hidden = !snapshot.simulated;
      warning.hidden = head.warning === '';
      warning.textContent = head.warning;
      const words =
        head.mode === 'what if' ? [element('strong', '', say`${head.question}? `), head.words] : [head.words];
      verdict.replaceChildren(picture(outcomeSvg(head.outcome)), element('span', 'verdict-words', ...words));
      verdict.title = verdict.textContent ?? '';
      // Whoever pressed it by keyboard goes on beside it, not at the beginning of the page.
      const isLeft = document.activeElement === back.element && head.mode !== 'what if';
      back.element.hidden = head.mode !== 'what if';
      if (isLeft) whatIf.element.focus();
      back.set({ label: said(BACK[head.base]) });
      run.hidden = snapshot.run.phase === 'idle';
      ring.hidden = snapshot.run.phase !== 'running' && snapshot.run.phase !== 'planning';
      runWords.textContent = runText(snapshot.run);
      actions.render(snapshot.actions);
      whatIf.set(whatIfChoices(snapshot));
    },
  };
}

const BACK = {
  'as designed': later`Back to the Design`,
  now: later`Back to Now`,
  'last known': later`Back to What Is Known`,
} as const;

function runText(run: TopologySnapshot['run']): string {
  return run.done === undefined || run.total === undefined
    ? run.words
    : say`${run.words} (${run.done} of ${run.total})`;
}

const SEVERAL = '…';

function whatIfChoices(snapshot: TopologySnapshot): { choices: { value: string; label: string }[]; value: string } {
  const order = [
    'zone',
    'load-balancer',
    'balancer-host',
    'server',
    'database',
    'etcd-member',
    'agents',
    'agent',
    'network',
  ];
  const drawn = snapshot.graph.parts.filter(
    (p) =>
      canFail(p) &&
      (snapshot.layout.boxes[p.id] !== undefined || p.kind === 'network') &&
      order.includes(p.kind) &&
      !(p.kind === 'etcd-member' && p.nodeId !== undefined),
  );
  // A list of a thousand agents helps nobody: single agents fail in the picture.
  const offered = drawn.filter((p) => p.kind !== 'agent').sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const name = (part: (typeof offered)[number]): string =>
    part.kind === 'zone'
      ? say`zone ${part.label} fails`
      : part.kind === 'network'
        ? say`network ${part.label} is cut`
        : say`${part.label} fails`;
  const choices = [{ value: '', label: say`nothing fails` }, ...offered.map((p) => ({ value: p.id, label: name(p) }))];
  const only = snapshot.chosen.length === 1 ? snapshot.chosen[0] : undefined;
  if (snapshot.chosen.length === 0) return { choices, value: '' };
  if (only !== undefined && offered.some((p) => p.id === only)) return { choices, value: only };
  return {
    choices: [
      ...choices,
      {
        value: SEVERAL,
        label: snapshot.chosen.length === 1 ? say`1 part fails` : say`${snapshot.chosen.length} parts fail`,
      },
    ],
    value: SEVERAL,
  };
}
