import { later, said, say } from '../../src/core/base/say';
import type { Outcome, Part, TopologySnapshot } from '../../src/contract/messages';
import { describePart } from '../drawing/describe';
import { element } from './element';
import { outcomeSvg } from '../drawing/icons';
import { OUTCOME_WORDS, picture, survivalOf } from './side';

/** What the side panel says in one line. */
export interface Summary {
  readonly outcome: Outcome | undefined;
  readonly words: string;
}

/** The selected part, else what works. */
export function summaryOf(snapshot: TopologySnapshot, selected: Part | undefined): Summary {
  if (selected !== undefined) return { outcome: undefined, words: describePart(selected, snapshot) };
  const { title, answers } = survivalOf(snapshot);
  return {
    outcome: snapshot.survival.api.outcome,
    words: say`${title}: ${answers.map(([, { outcome }], i) => say`${said(TOPICS[i] ?? '')} ${said(OUTCOME_WORDS[outcome])}`).join(say`, `)}`,
  };
}

/** In the order of the questions. */
const TOPICS = ['API', later`datastore`, later`joining`, later`workloads`, 'kubeconfig'];

export interface Handle {
  readonly element: HTMLElement;
  open(): void;
  render(summary: Summary): void;
}

/** Where there is no room beside the picture, this line stands for the side panel and opens it. */
export function createHandle(onToggle: (open: boolean) => void): Handle {
  const sign = element('span', 'sign');
  const words = element('span', 'handle-words');
  const handle = element('button', 'side-handle', element('span', 'chevron'), sign, words);
  handle.type = 'button';
  handle.setAttribute('aria-controls', 'side-content');
  let isOpen = false;
  const set = (open: boolean): void => {
    isOpen = open;
    handle.setAttribute('aria-expanded', String(open));
    onToggle(open);
  };
  handle.addEventListener('click', () => set(!isOpen));
  handle.setAttribute('aria-expanded', 'false');
  return {
    element: handle,
    open: () => set(true),
    render: ({ outcome, words: text }) => {
      sign.replaceChildren(...(outcome === undefined ? [] : [picture(outcomeSvg(outcome))]));
      words.textContent = text;
      handle.title = text;
    },
  };
}
