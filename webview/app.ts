import { say } from '../src/core/base/say';
import { createList } from './a11y/list';
import { announcement } from './a11y/live';
import { createCommands } from './commands';
import type { Host } from './host';
import { createPatience } from './patience';
import { viewStateOf, type Store } from './store';
import { element } from './view/element';
import { createHeader } from './view/header';
import { createSidePanel } from './view/sidePanel';
import { createStage } from './view/stage';
import { createViewControls } from './view/viewControls';

const SAVE_DELAY_MS = 200;

/** Builds the page once and keeps it in step with the store. */
export function startApp(root: HTMLElement, store: Store, host: Host): void {
  const live = element('div', 'only-heard');
  live.setAttribute('aria-live', 'polite');
  const silent = element(
    'p',
    'silent',
    say`The editor does not answer. What is shown may be old: close the diagram and open it again.`,
  );
  silent.setAttribute('role', 'alert');
  silent.hidden = true;
  const patience = createPatience((isSilent) => (silent.hidden = !isSilent));
  const commands = createCommands(store, host, {
    windowSize: () => stage.size(),
    covered: () => side.covers(),
    asked: patience.asked,
    tell: (words) => (live.textContent = words),
  });
  const stage = createStage(store, commands);
  const list = createList();
  const side = createSidePanel(commands);
  const header = createHeader({
    action: commands.act,
    obstructed: (why) => (live.textContent = why),
    fail: (partId) => commands.fail(partId === undefined ? [] : [partId]),
  });
  const controls = createViewControls({
    showList: (showList) => store.update({ showList }),
    zoom: commands.zoom,
    fit: commands.fit,
  });
  const body = element(
    'div',
    'body',
    element('div', 'view', controls.element, stage.element, list.element),
    side.element,
  );
  root.replaceChildren(element('main', 'topology', header.element, silent, body), live);

  store.subscribe((state, before) => {
    const { snapshot } = state;
    if (snapshot === undefined) return;
    const isNew = snapshot !== before.snapshot;
    if (
      isNew ||
      state.selected !== before.selected ||
      state.highlighted !== before.highlighted ||
      state.current !== before.current
    )
      stage.draw(snapshot, state);
    if (isNew || state.selected !== before.selected) {
      side.render(state, snapshot);
      const box = snapshot.layout.boxes[state.selected ?? ''];
      if (state.selected !== before.selected && box !== undefined && side.covers() > 0) commands.reveal(box);
    }
    if (isNew || state.showList !== before.showList) {
      header.render(snapshot);
      controls.render(state.showList);
      list.render(snapshot, state.showList);
      stage.hide(state.showList);
    }
    stage.move();
    if (!isNew) return;
    patience.answered();
    const words = announcement(before.snapshot, snapshot);
    if (words !== '') live.textContent = words;
  });
  saveChanges(store, host);
}

/** Keeps the view state in the editor: what needs a new picture at once; the rest in its time. */
function saveChanges(store: Store, host: Host): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe((state, before) => {
    if (JSON.stringify(viewStateOf(state)) === JSON.stringify(viewStateOf(before))) return;
    host.save(viewStateOf(state));
    clearTimeout(timer);
    const send = (): void => host.post({ type: 'viewState', state: viewStateOf(store.get()) });
    if (state.expanded !== before.expanded || state.narrow !== before.narrow) send();
    else timer = setTimeout(send, SAVE_DELAY_MS);
  });
}
