import type { Outcome, TopologySnapshot } from '../../src/contract/messages';
import { badge, button, dropdown, progressRing, type ButtonState, type Control } from '../controls/toolkit';
import { canFail } from './describe';
import { element } from './element';
import { outcomeSvg } from './icons';
import { picture, survivalOf } from './side';

export interface HeaderEvents {
  action(id: string): void;
  /** The one part that shall fail; undefined: none. */
  fail(partId: string | undefined): void;
}

export interface Header {
  readonly element: HTMLElement;
  render(snapshot: TopologySnapshot): void;
}

/** Title, verdict, run state and the toolbar. Controls are made once, so that they keep the focus. */
export function createHeader(events: HeaderEvents): Header {
  const title = element('h1', '');
  const simulation = badge('Simulation');
  simulation.title = 'These hosts are simulated. No real machine is touched.';
  const verdict = element('p', 'verdict');
  const ring = progressRing();
  const runWords = element('span', 'run-words');
  const run = element('div', 'run', ring, runWords);
  const actions = element('div', 'actions');
  const buttons = new Map<string, Control<ButtonState>>();
  const whatIf = dropdown('What if this fails', (value) =>
    events.fail(value === '' || value === SEVERAL ? undefined : value),
  );
  const toolbar = element(
    'div',
    'toolbar',
    actions,
    element('div', 'what-if', element('span', 'what-if-label', 'What if'), whatIf.element),
  );
  const node = element('header', 'header', element('div', 'heading', title, simulation, run), verdict, toolbar);

  return {
    element: node,
    render: (snapshot) => {
      title.textContent = snapshot.title;
      simulation.hidden = !snapshot.simulated;
      const { outcome, words } = verdictOf(snapshot);
      verdict.replaceChildren(picture(outcomeSvg(outcome)), words);
      run.hidden = snapshot.run.phase === 'idle';
      ring.hidden = snapshot.run.phase !== 'running' && snapshot.run.phase !== 'planning';
      runWords.textContent = runText(snapshot.run);
      renderActions(snapshot, actions, buttons, events);
      whatIf.set(whatIfChoices(snapshot));
    },
  };
}

/** What the file is worth, or what is left of it while parts fail. */
function verdictOf(snapshot: TopologySnapshot): { readonly outcome: Outcome; readonly words: string } {
  if (snapshot.chosen.length === 0) return { outcome: grade(snapshot), words: snapshot.verdict };
  const { outcome, reason } = snapshot.survival.api;
  return { outcome, words: `${survivalOf(snapshot).title}: ${reason}` };
}

/** The color of the verdict: no server may be lost, something else is a single point, or all is well. */
function grade(snapshot: TopologySnapshot): Outcome {
  const certain = snapshot.singlePoints.filter((p) => p.certain);
  if (snapshot.survival.failed.length === 0 && snapshot.survival.api.outcome === 'no') return 'no';
  if (certain.some((p) => snapshot.graph.parts.some((part) => part.id === p.partId && part.kind === 'server')))
    return 'no';
  return certain.length > 0 ? 'partly' : 'yes';
}

function runText(run: TopologySnapshot['run']): string {
  return run.done === undefined || run.total === undefined ? run.words : `${run.words} (${run.done} of ${run.total})`;
}

function renderActions(
  snapshot: TopologySnapshot,
  holder: HTMLElement,
  buttons: Map<string, Control<ButtonState>>,
  events: HeaderEvents,
): void {
  const ids = snapshot.actions.map((a) => a.id);
  if (ids.join('\n') !== [...buttons.keys()].join('\n')) {
    buttons.clear();
    for (const { id, label, primary } of snapshot.actions)
      buttons.set(
        id,
        button(primary ? 'primary' : 'secondary', label, () => events.action(id)),
      );
    holder.replaceChildren(...[...buttons.values()].map((b) => b.element));
  }
  for (const { id, label, enabled } of snapshot.actions) buttons.get(id)?.set({ label, enabled });
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
      ? `zone ${part.label} fails`
      : part.kind === 'network'
        ? `network ${part.label} is cut`
        : `${part.label} fails`;
  const choices = [{ value: '', label: 'nothing fails' }, ...offered.map((p) => ({ value: p.id, label: name(p) }))];
  const only = snapshot.chosen.length === 1 ? snapshot.chosen[0] : undefined;
  if (snapshot.chosen.length === 0) return { choices, value: '' };
  if (only !== undefined && offered.some((p) => p.id === only)) return { choices, value: only };
  return {
    choices: [
      ...choices,
      { value: SEVERAL, label: snapshot.chosen.length === 1 ? '1 part fails' : `${snapshot.chosen.length} parts fail` },
    ],
    value: SEVERAL,
  };
}
