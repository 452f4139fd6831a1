import { said, say } from '../../src/core/base/say';
import type { TopologySnapshot } from '../../src/contract/messages';
import { keyHelp } from '../a11y/keys';
import type { Commands } from '../commands';
import { button } from '../controls/toolkit';
import type { State } from '../store';
import { changesOf, renderChanges } from './changes';
import { canFail } from '../drawing/describe';
import { element } from './element';
import { renderExport } from './exports';
import {
  detailsOf,
  driftOf,
  legendOf,
  renderCutSets,
  renderDetails,
  renderDrift,
  renderFindings,
  renderLegend,
  renderSurvival,
  survivalOf,
  type Details,
} from './side';
import { createHandle, summaryOf } from './sideHandle';
import { createSlot } from './slot';

export interface SidePanel {
  readonly element: HTMLElement;
  /** Pixels of the picture that it lies over: where there is no room beside the picture, it opens over it. */
  covers(): number;
  render(state: State, snapshot: TopologySnapshot): void;
}

/** What the picture means, beside it: the selected part, what survives, what can be changed, and what the signs say. */
export function createSidePanel(commands: Commands): SidePanel {
  const [details, drift, survival, cutSets, findings, legend] = [
    createSlot(),
    createSlot(),
    createSlot(),
    createSlot(),
    createSlot(),
    createSlot(),
  ];
  const help = element('p', 'reason', keyHelp());
  help.id = 'keys';
  const changes = renderChanges((kind) => commands.change(kind));
  const keys = element('section', 'panel', element('h2', '', say`Keys`), help);
  const content = element(
    'div',
    'side-content',
    details.element,
    drift.element,
    survival.element,
    cutSets.element,
    changes,
    findings.element,
    legend.element,
    renderExport(commands.exportPicture),
    keys,
  );
  content.id = 'side-content';
  // It scrolls, so the keyboard must reach it.
  content.tabIndex = 0;
  const handle = createHandle((open) => panel.classList.toggle('open', open));
  const panel = element('aside', 'side', handle.element, content);
  panel.setAttribute('aria-label', say`What survives`);
  let selected: string | undefined;
  let isFirst = true;
  const tryLoss = (partIds: readonly string[]): void => {
    commands.fail(partIds);
    // What follows stands further up.
    survival.element.scrollIntoView({ block: 'start' });
  };
  return {
    element: panel,
    covers: () => (getComputedStyle(content).position === 'absolute' ? content.offsetHeight : 0),
    render: (state, snapshot) => {
      const part = snapshot.graph.parts.find((p) => p.id === state.selected);
      // Whoever points at a part wants to know about it; a page that was restored has not pointed.
      if (!isFirst && part !== undefined && part.id !== selected) handle.open();
      [isFirst, selected] = [false, part?.id];
      handle.render(summaryOf(snapshot, part));
      details.show(part === undefined ? undefined : detailsOf(part, snapshot), (data) =>
        renderDetails(data, detailButtons(data, commands), (ruleId) => commands.change('fix', data.part.id, ruleId)),
      );
      drift.show(driftOf(snapshot), renderDrift);
      survival.show(survivalOf(snapshot), renderSurvival);
      cutSets.show(someOf(snapshot.cutSets), (sets) => renderCutSets(sets, tryLoss));
      findings.show(someOf(snapshot.graph.marks), (marks) =>
        renderFindings(marks, (ruleId) => commands.change('fix', undefined, ruleId)),
      );
      legend.show(legendOf(snapshot), renderLegend);
    },
  };
}

function detailButtons({ part, fails, isDown, open }: Details, commands: Commands): readonly HTMLElement[] {
  const labels: (readonly [string, () => void])[] = [[say`Show in File`, () => commands.open(part.id)]];
  if (canFail(part) && (fails || !isDown))
    labels.push([fails ? say`Bring it back` : say`Let it fail`, () => commands.toggleFailure(part.id)]);
  for (const [label, kind] of changesOf(part)) labels.push([said(label), () => commands.change(kind, part.id)]);
  if (part.kind === 'agents') labels.push([open ? say`Collapse` : say`Expand`, () => commands.toggleGroup(part.id)]);
  return labels.map(([label, run]) => button('secondary', label, run).element);
}

function someOf<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}
